// The time of day on a kiosk screen, and whether the site answers: asked again soon while it does not.
const SOON_MS = 3000;
let again = 0;

function tell(clock) {
  const zone = { timeZone: clock.dataset.clock, timeStyle: "short" };
  const written = new Intl.DateTimeFormat(clock.dataset.locale, zone).format(new Date());
  if (clock.textContent !== written) clock.textContent = written;
}

function tick() {
  document.querySelectorAll("[data-clock]").forEach(tell);
}

function look() {
  document.querySelectorAll("[data-kiosk-state]").forEach((each) => each.dispatchEvent(new Event("kiosk-look")));
}

function state(value) {
  document.querySelectorAll("[data-kiosk-state]").forEach((each) => (each.dataset.kioskState = value));
  clearTimeout(again);
  if (value) again = setTimeout(look, SOON_MS);
}

tick();
setInterval(tick, 1000);
addEventListener("offline", () => state("away"));
addEventListener("online", look);
document.addEventListener("htmx:sendError", () => state("away"));
document.addEventListener("htmx:timeout", () => state("away"));
document.addEventListener("htmx:afterRequest", (event) => {
  const status = event.detail.xhr?.status ?? 0;
  if (status) state(status < 500 ? "" : "away");
});
