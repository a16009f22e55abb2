// What the page builder runs: the page between its tree and its settings. Its own bundle, for no other screen needs it.
import "../components/exchange.js";
import "../components/dialog/dialog.js";
import "../components/link_field/link_field.js";
import "../components/media/choose.js";
import "../components/menu/menu.js";
import "../components/toast/toast.js";
import "../fields/widgets.js";
import "../fields/richtext/richtext.js";
import "../builder/builder.js";
