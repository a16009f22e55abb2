// A list of suggestions under an input, by the ARIA pattern of a combobox: arrows, Enter, Escape, pointer.
import { say } from "../enhance.js";

const PAUSE = 150;
let count = 0;

/** find: query -> [{id, title, text}]; choose: what happens with one. first: whether the first one is chosen by Enter. */
export function combobox(input, { find, choose, words, first = false }) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  Object.assign(list, { id: `suggestions-${++count}`, className: "suggestions", role: "listbox", hidden: true });
  Object.assign(status, { className: "visually-hidden", role: "status" });
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  input.after(list, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }
  let found = [];
  let active = -1;
  let asked = 0;
  let waiting;

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  }

  function mark(place) {
    active = place;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    const option = list.children[active];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function draw(message) {
    list.replaceChildren(...found.map((one, place) => drawn(one, `${list.id}-${place}`)));
    status.textContent = message;
    list.dataset.message = found.length ? "" : message;
    show(document.activeElement === input && (found.length > 0 || Boolean(message)));
    mark(first && found.length ? 0 : -1);
  }

  async function ask() {
    const turn = ++asked;
    try {
      const answer = await find(input.value.trim());
      if (turn !== asked) return;
      found = answer;
      draw(found.length ? say(words.found, { count: found.length }) : words.none);
    } catch {
      if (turn !== asked) return;
      found = [];
      draw(words.failed);
    }
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  }

  function take(place) {
    clearTimeout(waiting);
    asked += 1;
    const one = found[place];
    found = [];
    draw("");
    input.value = "";
    choose(one);
  }

  input.addEventListener("input", later);
  input.addEventListener("click", () => list.hidden && ask());
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) ask();
    else if (step && found.length) mark((active + step + found.length) % found.length);
    else if (event.key === "Enter" && active >= 0) take(active);
    else if (event.key === "Escape" && !list.hidden) show(false);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take([...list.children].indexOf(option));
  });
}

function drawn(one, id) {
  const option = document.createElement("li");
  Object.assign(option, { id, className: "suggestion", role: "option" });
  const title = document.createElement("span");
  title.textContent = one.title;
  option.append(title);
  if (one.text) {
    const text = document.createElement("span");
    Object.assign(text, { className: "suggestion-text", textContent: one.text });
    option.append(text);
  }
  return option;
}

/** Asks one of our own addresses for `[{id, title, text}]`. */
export async function suggestions(url, query) {
  const address = new URL(url, location.href);
  address.searchParams.set("q", query);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} from ${address.pathname}`);
  return answer.json();
}
