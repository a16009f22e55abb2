// What the public site runs: fragments and a few small helpers. Every page works without it.
import "../components/exchange.js";
import "../components/cart/cart.js";
import "../components/dialog/dialog.js";
import "../components/entry_form/entry_form.js";
import "../components/form/form.js";
import "../components/form/keep.js";
import "../components/live/live.js";
import "../components/menu/menu.js";
import "../components/product/gallery.js";
import "../components/product/quantity.js";
import "../components/search_box/suggest.js";
import "../components/text/copy.js";
import "../components/theme_switch/theme_switch.js";
import "../components/toast/toast.js";
