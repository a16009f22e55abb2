// The command palette, a combobox (ARIA): arrows choose, Enter opens, with Ctrl in a new tab; Escape and the backdrop close it.
import { ask, chosen, dialog, field, list, mark, options } from "./lines.js";
import { remember } from "./recent.js";

let timer;

export function open(text) {
  field.value = text;
  if (!dialog.open) dialog.showModal();
  field.focus();
  ask();
}

/** Does what the line says; what changes light and dark is done at once by the switch that is in the page. */
function choose(option, inNewTab = false) {
  const address = option.getAttribute("href");
  if (address && !address.includes("/export?")) remember(address, option.querySelector(".palette-label").textContent);
  if (inNewTab && address?.startsWith("/")) return void window.open(address, "_blank", "noopener");
  dialog.close();
  const scheme = option.dataset.does === "scheme" && document.querySelector(`.theme-switch [value="${option.value}"]`);
  (scheme || option).click();
}

async function enter(event) {
  if (list.dataset.question !== field.value) await ask();
  const option = options()[chosen()];
  if (option) choose(option, event.ctrlKey || event.metaKey);
  else field.form.requestSubmit();
}

field.addEventListener("input", (event) => {
  clearTimeout(timer);
  if (!event.isComposing) timer = setTimeout(ask, 60);
});

field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const count = options().length;
  if (step && count) mark((chosen() + step + count) % count);
  else if (event.key === "Enter") enter(event);
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") dialog.close();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

list.addEventListener("pointermove", (event) => {
  const at = options().indexOf(event.target.closest("[role=option]"));
  if (at >= 0 && at !== chosen()) mark(at);
});

list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option || !dialog.open || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  choose(option);
});
