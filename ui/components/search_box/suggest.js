// Offers questions, categories and products under a search field (an ARIA combobox); Enter sends the form.
let timer, asking;

const list = (input) => document.getElementById(input.dataset.list);
const options = (input) => [...list(input).querySelectorAll("[role=option]")];
const field = (event) => event.target.closest?.("input[data-suggest]");

function show(input, open) {
  list(input).hidden = !open;
  input.ariaExpanded = String(open);
  if (!open) select(input, -1);
}

function select(input, at) {
  options(input).forEach((option, place) => (option.ariaSelected = String(place === at)));
  options(input)[at]?.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options(input)[at]?.id ?? "");
}

async function ask(input) {
  asking?.abort();
  if (!input.value.trim()) return show(input, false);
  const own = (asking = new AbortController());
  const url = `${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`;
  const answer = await fetch(url, { signal: own.signal }).then((found) => found.ok && found.text()).catch(() => "");
  if (own.signal.aborted) return;
  if (answer) list(input).innerHTML = answer;
  options(input).forEach((option, place) => (option.id = `${input.id}-option-${place}`));
  input.form.querySelector("[data-suggest-status]").value = list(input).firstElementChild?.dataset.status ?? "";
  show(input, options(input).length > 0 && document.activeElement === input);
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  input.setAttribute("aria-controls", input.dataset.list);
}

document.addEventListener("input", (event) => {
  const input = field(event);
  clearTimeout(timer);
  if (input && !event.isComposing) timer = setTimeout(ask, 120, input);
});

document.addEventListener("keydown", (event) => {
  const input = field(event);
  const all = input && !list(input).hidden && !event.isComposing ? options(input) : [];
  if (!all.length) return;
  const at = all.findIndex((option) => option.ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) select(input, at + step < -1 ? all.length - 1 : at + step >= all.length ? -1 : at + step);
  else if (event.key === "Escape") show(input, false);
  else if (event.key === "Enter" && at >= 0) all[at].click();
  else return;
  event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  if (field(event) && !list(event.target).contains(event.relatedTarget)) show(event.target, false);
});
