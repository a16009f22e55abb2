// The time of day on a kiosk screen, and whether the site answers.
function tell(clock) {
  const zone = { timeZone: clock.dataset.clock, timeStyle: "short" };
  const written = new Intl.DateTimeFormat(clock.dataset.locale, zone).format(new Date());
  if (clock.textContent !== written) clock.textContent = written;
}

function tick() {
  document.querySelectorAll("[data-clock]").forEach(tell);
}

function state(value) {
  document.querySelectorAll("[data-kiosk-state]").forEach((each) => (each.dataset.kioskState = value));
}

tick();
setInterval(tick, 1000);
addEventListener("offline", () => state("away"));
document.addEventListener("htmx:sendError", () => state("away"));
document.addEventListener("htmx:timeout", () => state("away"));
document.addEventListener("htmx:afterRequest", (event) => {
  const status = event.detail.xhr?.status ?? 0;
  if (status) state(status < 500 ? "" : "away");
});
