// Goes through a queue by keys: J and K move, the letter of a button (data-key) presses it in the one that has the focus.
const OFF = "agora-shortcuts";
const SOON = 1500;
const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
let since = 0;

const all = () => [...document.querySelectorAll("[data-queued]")];
const current = () => document.activeElement?.closest?.("[data-queued]");

function focusAt(place) {
  const voices = all();
  const voice = voices[Math.max(0, Math.min(place, voices.length - 1))];
  voice?.focus();
  voice?.scrollIntoView({ block: "nearest" });
}

document.addEventListener(
  "keydown",
  (event) => {
    if (!document.querySelector("[data-queue]") || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem(OFF) === "off" || event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "g") since = Date.now();
    if (key.length > 1 || (key !== "g" && Date.now() - since < SOON)) return;
    const voice = current();
    if (key === "j" || key === "k") {
      focusAt(voice ? all().indexOf(voice) + (key === "j" ? 1 : -1) : 0);
    } else {
      const button = (voice ?? all()[0])?.querySelector(`[data-key="${key}"]`);
      if (!button) return;
      button.click();
    }
    event.preventDefault();
  },
  true,
);

// Once one is judged, the next one has the focus.
let place = -1;
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  place = target.matches?.("[data-queued]") ? all().indexOf(target) : -1;
});
document.addEventListener("htmx:afterSettle", () => {
  if (place >= 0) focusAt(place);
  place = -1;
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches?.(".queued-select")) return;
  const chosen = document.querySelectorAll(".queued-select:checked").length;
  for (const output of document.querySelectorAll(".queue-bulk [data-selected-count]")) output.textContent = chosen;
});
