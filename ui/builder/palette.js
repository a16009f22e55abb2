// What can be added: the list on the left, and the same small list beside the caret, opened by “/” or a plus.
import { add, insert, made, replace } from "./acts.js";
import { ROOT } from "./tree.js";

const RECENT = "agora-builder-recent";
const MOST = 6;

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]");
  } catch {
    return [];
  }
}

export function remember(type) {
  const kept = [type, ...recent().filter((one) => one !== type)].slice(0, MOST);
  try {
    localStorage.setItem(RECENT, JSON.stringify(kept));
  } catch {
    // a browser that keeps nothing forgets which were used
  }
}

/** Returns the types that fit words and a test, the best first. */
export function found(editor, words, test = () => true) {
  const wanted = words.trim().toLowerCase();
  const types = Object.values(editor.book).filter((type) => type.allowed && test(type));
  if (!wanted) return types;
  const rank = ({ label, name, words: others, text }) => {
    const title = label.toLowerCase();
    if (title.startsWith(wanted) || name.startsWith(wanted)) return 0;
    if (title.includes(wanted) || others.toLowerCase().split(" ").some((one) => one.startsWith(wanted))) return 1;
    return text.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return types.map((type) => [rank(type), type]).filter(([at]) => at < 3).sort(([one], [other]) => one - other).map(([, type]) => type);
}

export class Palette {
  constructor(editor, panel) {
    this.editor = editor;
    this.list = panel.querySelector("[data-palette]");
    this.search = panel.querySelector("[data-palette-search]");
    this.search.addEventListener("input", () => this.draw());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "ArrowDown") this.list.querySelector("button")?.focus();
    });
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-drags]");
      if (button) this.#add(button.dataset.drags);
    });
    this.list.addEventListener("keydown", (event) => this.#key(event));
    editor.on("used", ({ type }) => {
      remember(type);
      if (!this.search.value) this.draw();
    });
    this.draw();
  }

  draw() {
    const words = this.search.value;
    const types = found(this.editor, words, (type) => type.offered);
    if (words.trim()) return void this.list.replaceChildren(this.#group("", types));
    const used = recent().map((name) => this.editor.book[name]).filter((type) => type?.offered);
    const groups = this.editor.groups.map(({ name, label }) => this.#group(label, types.filter((type) => type.group === name)));
    this.list.replaceChildren(...(used.length ? [this.#group(this.editor.say("recent"), used.slice(0, 4), true)] : []), ...groups);
  }

  #group(label, types, isShort = false) {
    const group = document.createElement("section");
    group.className = "studio-palette-group";
    if (label) group.append(Object.assign(document.createElement("h3"), { textContent: label, className: "studio-palette-title" }));
    if (!types.length) group.append(Object.assign(document.createElement("p"), { className: "note", textContent: this.editor.say("nothing_called") }));
    group.append(...types.map((type) => choice(type, isShort)));
    return group;
  }

  #key(event) {
    const buttons = [...this.list.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const to = buttons.indexOf(document.activeElement) + step;
    if (to < 0) this.search.focus();
    else buttons[to]?.focus();
  }

  #add(type) {
    const id = add(this.editor, made(this.editor, type));
    if (!id) return this.editor.notify(this.editor.say("no_place", { block: this.editor.book[type].label }), "warning");
    this.editor.tell("used", { type });
    this.editor.tell("added", { id });
  }
}

function choice(type, isShort = false) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "studio-choice-block";
  Object.assign(button.dataset, { drags: type.name, kind: "new" });
  button.innerHTML = `<span class="studio-choice-icon">${type.icon}</span><span class="studio-choice-words"><span class="studio-choice-name"></span></span>`;
  button.querySelector(".studio-choice-name").textContent = type.label;
  if (type.text && !isShort) {
    const note = Object.assign(document.createElement("span"), { className: "studio-choice-text", textContent: type.text });
    button.querySelector(".studio-choice-words").append(note);
  }
  return button;
}

/** The small list beside the caret. wanted: the block to stand after, before or instead of; none means the page's end. */
export class QuickList {
  constructor(editor, canvas) {
    this.editor = editor;
    this.canvas = canvas;
    this.dialog = document.querySelector("[data-quick]");
    this.input = this.dialog.querySelector("input");
    this.list = this.dialog.querySelector("[role=listbox]");
    this.input.addEventListener("input", () => this.#draw());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take(option.dataset.type);
    });
    this.dialog.addEventListener("close", () => this.onClose?.());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    editor.on("wanted", (wanted) => this.open(wanted));
  }

  open({ after = null, before = null, instead = null, point, back }) {
    this.spot = this.#spotOf(after, before ?? instead);
    this.instead = instead;
    this.input.value = "";
    this.onClose = () => {
      this.onClose = null;
      if (!this.isTaken) back?.();
    };
    this.isTaken = false;
    this.dialog.showModal();
    this.#place(point);
    this.#draw();
    this.input.focus();
  }

  #spotOf(after, before) {
    const { content } = this.editor;
    if (before) return content.place(before);
    if (!after) return { parent: ROOT, index: content.blocks.length };
    const isEmpty = this.editor.type(after)?.holds.length && !content.below(after).length;
    if (isEmpty) return { parent: after, index: 0 };
    const { parent, index } = content.place(after);
    return { parent, index: index + 1 };
  }

  #place(point) {
    const { frame } = this.canvas;
    const box = frame.getBoundingClientRect();
    const scale = box.width / frame.offsetWidth;
    const at = point ?? { x: box.width / scale / 2 - 140, y: 120 };
    const left = Math.min(innerWidth - 316, Math.max(8, box.left + at.x * scale));
    const top = Math.min(innerHeight - 356, Math.max(8, box.top + at.y * scale));
    this.dialog.style.left = `${left}px`;
    this.dialog.style.top = `${top}px`;
  }

  #draw() {
    const types = found(this.editor, this.input.value, (type) => this.editor.takes(this.spot.parent, type.name));
    const used = recent();
    if (!this.input.value) types.sort((one, other) => at(used, one) - at(used, other));
    this.list.replaceChildren(
      ...types.slice(0, 40).map((type, place) => {
        const option = choice(type);
        const own = document.createElement("div");
        own.className = option.className;
        own.innerHTML = option.innerHTML;
        own.id = `quick-${type.name}`;
        own.setAttribute("role", "option");
        own.setAttribute("aria-selected", String(place === 0));
        own.dataset.type = type.name;
        return own;
      }),
    );
    this.#aim(0);
    this.dialog.querySelector("[data-none]").hidden = types.length > 0;
  }

  #aim(place) {
    const options = [...this.list.children];
    this.at = options.length ? (place + options.length) % options.length : -1;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    options[this.at]?.scrollIntoView({ block: "nearest" });
    if (options[this.at]) this.input.setAttribute("aria-activedescendant", options[this.at].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#aim(this.at + step);
    else if (event.key === "Enter") this.#take(this.list.children[this.at]?.dataset.type);
    else if (event.key === "Backspace" && !this.input.value) this.dialog.close();
    else return;
    event.preventDefault();
  }

  #take(type) {
    if (!type) return;
    const { editor } = this;
    const block = made(editor, type);
    this.isTaken = true;
    this.dialog.close();
    if (this.instead) replace(editor, this.instead, [block]);
    else insert(editor, block, this.spot.parent, this.spot.index);
    editor.tell("used", { type });
    editor.tell("added", { id: block.id });
  }
}

function at(used, { name }) {
  const place = used.indexOf(name);
  return place < 0 ? used.length : place;
}
