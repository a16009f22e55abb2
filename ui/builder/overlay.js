// What lies over the page: a tag with a handle above the block under the pointer, a plus between blocks, the drop line.
/** So near to the edge of a block shows the plus, which stands in the room that the next block keeps above itself. */
const EDGE = 10;

export class Overlay {
  constructor(editor, canvas) {
    this.editor = editor;
    this.canvas = canvas;
    this.hovered = null;
    editor.on("canvas", ({ doc }) => this.#start(doc));
    for (const name of ["drawn", "chosen"]) editor.on(name, () => requestAnimationFrame(() => this.draw()));
  }

  #start(doc) {
    this.doc = doc;
    const { icons } = this.editor;
    this.tag = make(doc, "div", "studio-tag");
    this.tag.innerHTML = `<button class="studio-grip" type="button" tabindex="-1">${icons["grip-vertical"]}</button><span></span>`;
    this.tag.firstChild.title = this.editor.say("drag");
    this.tag.firstChild.setAttribute("aria-label", this.editor.say("drag"));
    this.plus = make(doc, "button", "studio-plus");
    Object.assign(this.plus, { type: "button", tabIndex: -1, title: this.editor.say("add_here") });
    this.plus.setAttribute("aria-label", this.editor.say("add_here"));
    this.plus.innerHTML = icons.plus;
    this.line = make(doc, "div", "studio-line");
    this.line.hidden = true;
    this.names = make(doc, "div", "studio-names");
    doc.body.append(this.tag, this.plus, this.line, this.names);
    this.plus.addEventListener("click", () => {
      const { left, bottom } = this.plus.getBoundingClientRect();
      const beside = { [this.plus.hasAttribute("data-before") ? "before" : "after"]: this.plus.dataset.beside };
      this.editor.tell("wanted", { ...beside, point: { x: left - 130, y: bottom + 4 } });
    });
    doc.addEventListener("pointermove", (event) => this.#moved(event));
    doc.documentElement.addEventListener("pointerleave", () => this.hover(null));
    doc.defaultView.addEventListener("resize", () => this.draw());
    doc.addEventListener("load", () => this.draw(), true);
    this.draw();
  }

  #moved(event) {
    if (this.isDragging || event.buttons) return;
    if (event.target.closest?.(".studio-tag, .studio-plus")) return;
    this.pointer = event;
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.hover(this.canvas.idOf(this.pointer.target), this.pointer.clientY);
    });
  }

  /** Outlines a block; the plus shows where the pointer is near its end. */
  hover(id, y = -1) {
    if (id !== this.hovered) {
      this.canvas.element(this.hovered)?.removeAttribute("data-hovered");
      this.hovered = id;
      this.canvas.element(id)?.setAttribute("data-hovered", "");
    }
    this.y = y;
    this.draw();
  }

  draw() {
    if (!this.doc) return;
    const writing = this.canvas.writing;
    const id = this.isDragging ? null : this.hovered && this.hovered !== writing ? this.hovered : writing ? null : this.editor.chosen;
    this.#tag(id);
    this.#plus(this.isDragging ? null : this.hovered);
  }

  #tag(id) {
    const element = this.canvas.element(id);
    this.tag.hidden = !element;
    if (!element) return;
    const box = this.#box(element);
    this.tag.dataset.of = id;
    this.tag.lastChild.textContent = this.editor.type(id)?.label ?? "";
    const height = this.tag.offsetHeight;
    const above = box.top - height;
    place(this.tag, { left: this.isRtl ? box.right - this.tag.offsetWidth : box.left, top: above >= 0 ? above : box.top });
  }

  #plus(id) {
    const element = this.canvas.element(id);
    const box = element && this.#box(element);
    const y = this.y + this.doc.defaultView.scrollY;
    const isBefore = box && Math.abs(y - box.top) < EDGE && box.height > 3 * EDGE;
    const isAfter = box && Math.abs(y - box.bottom) < EDGE / 2;
    this.plus.hidden = !isBefore && !isAfter;
    if (this.plus.hidden) return;
    this.plus.dataset.beside = id;
    this.plus.toggleAttribute("data-before", isBefore);
    place(this.plus, { left: box.left + box.width / 2, top: isBefore ? box.top : box.bottom });
  }

  /** Draws the line where a block will drop. spot: as places.js finds it; null takes it away. */
  drop(spot) {
    this.line.hidden = !spot;
    if (!spot) return;
    const { scrollX, scrollY } = this.doc.defaultView;
    this.line.toggleAttribute("data-upright", spot.isUpright);
    place(this.line, { left: spot.x + scrollX, top: spot.y + scrollY });
    this.line.style.width = spot.isUpright ? "" : `${spot.length}px`;
    this.line.style.height = spot.isUpright ? `${spot.length}px` : "";
  }

  /** Shows who else is at which block: `[{ name, blockId }]`. */
  others(people) {
    if (!this.doc) return;
    this.names.replaceChildren();
    const beside = new Map();
    for (const { name, blockId } of people) {
      const element = this.canvas.element(blockId);
      if (!element) continue;
      const box = this.#box(element);
      const count = beside.get(blockId) ?? 0;
      beside.set(blockId, count + 1);
      const mark = make(this.doc, "span", "studio-person");
      mark.textContent = initials(name);
      mark.title = name;
      place(mark, { left: box.right, top: box.top });
      this.names.append(mark);
      const step = count * (mark.offsetWidth + 4);
      mark.style.left = this.isRtl ? `${box.left + 1.1 * mark.offsetWidth + 4 + step}px` : `${box.right - step}px`;
    }
  }

  get isRtl() {
    return this.doc.defaultView.getComputedStyle(this.doc.documentElement).direction === "rtl";
  }

  #box(element) {
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    const { scrollX: x, scrollY: y } = this.doc.defaultView;
    return { left: left + x, top: top + y, right: right + x, bottom: bottom + y, width, height };
  }
}

export function initials(name) {
  const words = name.trim().split(/[\s@.]+/).filter(Boolean);
  return (words[0]?.[0] ?? "?").toUpperCase() + (words.length > 1 ? words.at(-1)[0].toUpperCase() : "");
}

function make(doc, tag, name) {
  const made = doc.createElement(tag);
  made.className = name;
  return made;
}

function place(element, { left, top }) {
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
