// Questions are moved by hand and by key; the server redraws the cards after each of their buttons.
import Sortable from "sortablejs/modular/sortable.core.esm.js";

let open = new Set();
let before = new Set();

const cards = () => [...document.querySelectorAll("[data-card]")];

function start() {
  const list = document.querySelector(".builder-list:not([data-sorts])");
  if (!list) return;
  list.setAttribute("data-sorts", "");
  Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    ghostClass: "builder-card-moving",
    onUpdate: () => redraw(list),
  });
}

/** Has the cards drawn anew: what a condition can look at depends on their order. */
function redraw(list) {
  const section = list.closest("[data-builder]");
  window.htmx.ajax("POST", section.dataset.builder, { source: section.closest("form"), target: "#builder-cards", swap: "outerHTML" });
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest("summary.builder-summary")?.closest("[data-card]");
  if (!card || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  card.querySelector(`[value^="${event.key === "ArrowUp" ? "up" : "down"}:"]:not(:disabled)`)?.click();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "builder-cards") return;
  before = new Set(cards().map((card) => card.dataset.card));
  open = new Set(cards().filter((card) => card.querySelector("details").open).map((card) => card.dataset.card));
  for (const card of cards()) card.removeAttribute("style"); // what moving leaves behind, htmx would copy
  const active = document.activeElement?.closest("[data-card]")?.dataset.card;
  const act = document.activeElement?.value;
  event.detail.target.ownerDocument.addEventListener("htmx:afterSettle", () => settle(active, act), { once: true });
});

function settle(active, act) {
  for (const card of cards()) if (open.has(card.dataset.card)) card.querySelector("details").open = true;
  start();
  const fresh = cards().find((card) => !before.has(card.dataset.card));
  if (fresh) {
    fresh.scrollIntoView({ block: "center" });
    fresh.querySelector("details input:not([type=hidden])").select();
  } else if (active) {
    const card = document.getElementById(`card-${active}`);
    const button = act && card?.querySelector(`button[value="${CSS.escape(act)}"]:not(:disabled)`);
    (button || card?.querySelector("summary"))?.focus();
  }
  document.getElementById("builder-cards").dispatchEvent(new Event("input", { bubbles: true }));
}

start();
