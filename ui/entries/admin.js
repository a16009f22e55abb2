// What the staff's screens run. Small state is Alpine's, in its build that needs no eval.
import Alpine from "@alpinejs/csp";
import "../components/exchange.js";
import "../components/dialog/dialog.js";
import "../components/form/form.js";
import "../components/letter/letter.js";
import "../components/link_field/link_field.js";
import "../components/live/live.js";
import "../components/media/choose.js";
import "../components/menu/menu.js";
import "../components/menu_items/menu_items.js";
import "../components/pictures/pictures.js";
import "../components/palette/visits.js";
import "../components/product/quantity.js";
import "../components/running/running.js";
import "../fields/widgets.js";
import "../components/search_result/search_result.js";
import "../components/save_bar/save_bar.js";
import "../components/shortcuts/shortcuts.js";
import "../components/table/table.js";
import "../components/text/copy.js";
import "../components/theme_preview/theme_preview.js";
import "../components/theme_switch/theme_switch.js";
import "../components/toast/toast.js";
import "../admin/layout.js";

window.Alpine = Alpine;
Alpine.start();
