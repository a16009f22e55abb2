// Dragging: a new block from the palette, or one that is there, onto the page or into the tree. Pointers of every kind.
import { made, insert, move } from "./acts.js";
import { spotAt } from "./places.js";

const THRESHOLD = 5;
const SCROLL_RIM = 48;

export class Drag {
  constructor(editor, canvas, overlay, outline) {
    Object.assign(this, { editor, canvas, overlay, outline });
    editor.on("canvas", ({ doc }) => this.#grip(doc));
    document.addEventListener("pointerdown", (event) => this.#pressed(event));
  }

  #grip(doc) {
    doc.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest?.(".studio-grip");
      if (!grip || event.button) return;
      event.preventDefault();
      const id = grip.parentNode.dataset.of;
      this.#begin(event, grip, { id, type: this.editor.content.block(id)?.type }, true);
    });
  }

  #pressed(event) {
    const source = event.target.closest?.("[data-drags]");
    if (!source || event.button || event.target.closest("input, [data-no-drag]")) return;
    const { drags, kind } = source.dataset;
    if (kind === "row" && event.pointerType === "touch" && !event.target.closest("[data-grip]")) return;
    const what = kind === "new" ? { type: drags } : { id: drags, type: this.editor.content.block(drags)?.type };
    this.#begin(event, source, what, false);
  }

  /** inFrame: the press was in the page, whose coordinates it has. */
  #begin(event, source, what, inFrame) {
    const from = { x: event.clientX, y: event.clientY };
    const stop = new AbortController();
    const { signal } = stop;
    let isMoving = false;
    const move = (next) => {
      if (!isMoving && Math.hypot(next.clientX - from.x, next.clientY - from.y) < THRESHOLD) return;
      if (!isMoving) {
        isMoving = true;
        source.ownerDocument.documentElement.setPointerCapture(event.pointerId);
        this.#started(what);
      }
      next.preventDefault();
      this.#over(this.#outside(next, inFrame));
    };
    const end = (isDropped) => {
      stop.abort();
      if (isMoving) this.#ended(isDropped);
    };
    const view = source.ownerDocument;
    view.addEventListener("pointermove", move, { signal });
    view.addEventListener("pointerup", () => end(true), { signal });
    view.addEventListener("pointercancel", () => end(false), { signal });
    for (const doc of [document, this.canvas.doc]) {
      doc?.addEventListener("keydown", (key) => key.key === "Escape" && (key.stopPropagation(), end(false)), { signal, capture: true });
    }
    if (source.dataset.kind) view.addEventListener("click", (click) => isMoving && (click.preventDefault(), click.stopPropagation()), { signal, capture: true });
  }

  #outside({ clientX: x, clientY: y }, inFrame) {
    if (!inFrame) return { x, y };
    const { left, top } = this.canvas.frame.getBoundingClientRect();
    return { x: left + x * this.scale, y: top + y * this.scale };
  }

  get scale() {
    const { frame } = this.canvas;
    return frame.getBoundingClientRect().width / frame.offsetWidth || 1;
  }

  #started(what) {
    this.what = what;
    this.spot = null;
    this.overlay.isDragging = true;
    this.overlay.hover(null);
    document.body.classList.add("studio-dragging");
    this.canvas.element(what.id)?.setAttribute("data-dragged", "");
    this.ghost = Object.assign(document.createElement("div"), { className: "studio-ghost" });
    const type = this.editor.book[what.type];
    this.ghost.innerHTML = type?.icon ?? "";
    this.ghost.append(what.id ? this.editor.title(this.editor.content.block(what.id)) : (type?.label ?? what.type));
    document.body.append(this.ghost);
  }

  #over({ x, y }) {
    this.ghost.style.translate = `${x + 12}px ${y + 12}px`;
    const inTree = this.outline.spotAt({ x, y }, this.what);
    this.outline.drop(inTree);
    const box = this.canvas.frame.getBoundingClientRect();
    const isIn = !inTree && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    const point = { x: (x - box.left) / this.scale, y: (y - box.top) / this.scale };
    const onPage = isIn ? spotAt(this.editor, this.canvas, this.what.type, point, this.what.id ?? null) : null;
    this.overlay.drop(onPage);
    this.spot = inTree ?? onPage;
    this.ghost.toggleAttribute("data-refused", !this.spot);
    this.#scroll(isIn ? point.y : null, box.height / this.scale);
  }

  /** Scrolls the page while something is held near its upper or lower edge. */
  #scroll(y, height) {
    clearInterval(this.scrolling);
    const by = y === null ? 0 : y < SCROLL_RIM ? -14 : y > height - SCROLL_RIM ? 14 : 0;
    if (by) this.scrolling = setInterval(() => this.canvas.doc.defaultView.scrollBy(0, by), 16);
  }

  #ended(isDropped) {
    clearInterval(this.scrolling);
    this.overlay.isDragging = false;
    this.overlay.drop(null);
    this.outline.drop(null);
    this.ghost.remove();
    document.body.classList.remove("studio-dragging");
    this.canvas.element(this.what.id)?.removeAttribute("data-dragged");
    const { spot, what } = this;
    if (!isDropped || !spot) return;
    const to = { parent: spot.parent, index: spot.index };
    if (what.id) move(this.editor, what.id, to);
    else {
      insert(this.editor, made(this.editor, what.type), to.parent, to.index);
      this.editor.tell("used", { type: what.type });
    }
  }
}
