// What the screen at a door runs.
import "../components/exchange.js";
import "../components/form/form.js";
import "../components/toast/toast.js";
import "../components/kiosk/kiosk.js";
import "../components/price_check/price_check.js";
