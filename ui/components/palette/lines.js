// The lines of the palette: asked from the server for what is typed, recent pages first where nothing is, one of them chosen.
import { recent } from "./recent.js";

export const dialog = document.querySelector("dialog[data-palette]");
export const field = dialog.querySelector("[role=combobox]");
export const list = dialog.querySelector("[role=listbox]");
const status = dialog.querySelector("[data-status]");
let asking;

export const options = () => [...list.querySelectorAll("[role=option]")];
export const chosen = () => options().findIndex((option) => option.ariaSelected === "true");

export function mark(at) {
  options().forEach((option, place) => (option.ariaSelected = String(place === at)));
  options()[at]?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", options()[at]?.id ?? "");
}

function drawRecent() {
  const kept = recent().filter(({ href }) => href !== location.pathname).slice(0, 5);
  if (!kept.length) return;
  const group = dialog.querySelector("template").content.firstElementChild.cloneNode(true);
  const line = group.querySelector("a");
  for (const { href, label } of kept) {
    const own = group.appendChild(line.cloneNode(true));
    own.href = href;
    own.querySelector(".palette-label").textContent = label;
  }
  line.remove();
  list.firstElementChild.prepend(group);
}

/** Asks for what stands in the field; done when its lines are there, or when a later question took its place. */
export async function ask() {
  asking?.abort();
  const own = (asking = new AbortController());
  const question = field.value;
  const address = `${dialog.dataset.palette}?q=${encodeURIComponent(question)}`;
  const answer = await fetch(address, { signal: own.signal }).then((got) => got.ok && !got.redirected && got.text()).catch(() => "");
  if (own.signal.aborted) return;
  list.innerHTML = answer || "<div></div>";
  if (answer && !question.trim()) drawRecent();
  options().forEach((option, place) => (option.id = `${list.id}-${place}`));
  list.dataset.question = question;
  status.value = answer ? list.firstElementChild.dataset.count : status.dataset.failed;
  mark(0);
}
