// The page in the middle: drawn by the server, in a frame of our own. Only what changed is drawn again and swapped in.
import { ask } from "./editor.js";
import { ranksOf } from "./ranks.js";
import { ROOT } from "./tree.js";

const WAIT = 30;

export class Canvas {
  constructor(editor, frame) {
    this.editor = editor;
    this.frame = frame;
    this.shallow = new Set();
    this.whole = new Set();
    this.ranks = ranksOf(editor.content.blocks, editor.book);
    this.writing = null;
    this.isBusy = false;
    frame.addEventListener("load", () => this.#loaded());
    editor.on("changed", (change) => this.#changed(change));
    editor.on("chosen", ({ id, from }) => this.mark(id, from));
    addEventListener("online", () => this.#later());
  }

  /** Loads the page. Called once everybody listens. */
  begin() {
    this.frame.src = this.frame.dataset.src;
  }

  get doc() {
    return this.frame.contentDocument;
  }

  get root() {
    return this.doc?.querySelector(".blocks");
  }

  element(id) {
    return id ? this.doc?.querySelector(`[data-block="${CSS.escape(id)}"]`) : null;
  }

  /** Returns the id of the block that a point of the page is in. */
  idOf(target) {
    return target?.closest?.("[data-block]")?.dataset.block ?? null;
  }

  #loaded() {
    if (!this.root) return;
    this.isReady = true;
    this.editor.tell("canvas", { doc: this.doc });
    this.mark(this.editor.chosen);
    if (this.isStale) this.drawAll();
  }

  /** Draws every block anew: after a merge, or where the content came from elsewhere. */
  drawAll() {
    if (!this.isReady) return void (this.isStale = true);
    this.isStale = false;
    this.root.replaceChildren();
    this.editor.content.blocks.forEach((block) => this.whole.add(block.id));
    this.#title();
    this.#later();
  }

  #changed({ patches, quiet }) {
    for (const patch of patches) this[`_${patch.does}`]?.(patch, quiet);
    if (patches.some(mayRank)) this.#rank();
    this.#later();
  }

  /** Headings stand in an outline: where a change gives others another rank, they are drawn again too. */
  #rank() {
    const ranks = ranksOf(this.editor.content.blocks, this.editor.book);
    for (const [id, rank] of ranks) {
      if (this.ranks.has(id) && this.ranks.get(id) !== rank && this.editor.type(id)?.isRanked) this.shallow.add(id);
    }
    this.ranks = ranks;
  }

  _set({ id }, quiet) {
    if (!quiet) this.again(id);
  }

  /** Draws a block again; also the one around it, where that is made for such blocks and may show their words. */
  again(id) {
    if (!this.editor.content.has(id)) return;
    this.shallow.add(id);
    const parent = this.editor.content.parent(id);
    const holder = parent !== ROOT && this.editor.type(parent);
    if (holder && holder.holds !== "anything") this.shallow.add(parent);
    this.#later();
  }

  _put({ parent, block }) {
    this.whole.add(block.id);
    this.#around(parent);
  }

  _take({ parent, block }) {
    this.element(block.id)?.remove();
    this.#around(parent);
  }

  _move({ from, to }) {
    this.#around(from.parent);
    this.#around(to.parent);
  }

  _field({ name }) {
    if (name === "title") this.#title();
  }

  _all() {
    this.drawAll();
  }

  #around(parent) {
    if (parent === ROOT) this.isMoved = true;
    else if (this.editor.content.has(parent)) this.shallow.add(parent);
  }

  #title() {
    const heading = this.doc.querySelector("[data-page-heading]");
    if (!heading) return;
    heading.hidden = [...this.ranks.values()].includes(1);
    const words = heading.querySelector("h1");
    if (words && words !== this.doc.activeElement) words.textContent = this.editor.content.fields.title ?? "";
  }

  #later() {
    if (!this.isReady || this.isBusy) return;
    clearTimeout(this.timer);
    if (!this.shallow.size && !this.whole.size) return void (this.isMoved && this.#arrange());
    this.timer = setTimeout(() => this.#draw(), WAIT);
  }

  async #draw() {
    const { content } = this.editor;
    const whole = [...this.whole].filter((id) => content.has(id));
    const shallow = [...this.shallow].filter((id) => content.has(id) && !whole.includes(id) && id !== this.writing);
    const left = this.writing && this.shallow.has(this.writing) ? [this.writing] : [];
    this.whole.clear();
    this.shallow = new Set(left);
    if (!whole.length && !shallow.length) return void (this.isMoved && this.#arrange());
    this.isBusy = true;
    const kept = shallow.flatMap((id) => content.below(id).map((child) => child.id));
    const missing = kept.filter((id) => !this.element(id) && !whole.includes(id));
    const blocks = [...whole, ...missing].map((id) => content.block(id));
    try {
      const asked = [...blocks, ...shallow.map((id) => bare(content.block(id)))];
      const ranks = Object.fromEntries(this.ranks);
      const { drawn } = await ask(`${this.editor.base}/draw`, { body: { blocks: asked, kept, ranks } });
      this.show(drawn);
      this.editor.tell("online");
    } catch (refused) {
      whole.forEach((id) => this.whole.add(id));
      shallow.forEach((id) => this.shallow.add(id));
      this.editor.tell("unreached", refused);
      setTimeout(() => this.#later(), 4000);
      return;
    } finally {
      this.isBusy = false;
    }
    this.#later();
  }

  /** Puts what was drawn in the place of what stands there; blocks inside that were kept move over. */
  show(drawn) {
    const fresh = new Map();
    for (const [id, html] of Object.entries(drawn)) {
      const template = this.doc.createElement("template");
      template.innerHTML = html;
      const element = template.content.firstElementChild;
      if (element && this.editor.content.has(id) && id !== this.writing) fresh.set(id, this.doc.adoptNode(element));
    }
    const live = new Map([...fresh.keys()].map((id) => [id, this.element(id)]));
    for (const element of fresh.values()) {
      for (const room of element.querySelectorAll("[data-kept]")) {
        const id = room.dataset.kept;
        const there = fresh.get(id) ?? this.element(id);
        if (there) room.replaceWith(there);
        else room.remove();
      }
    }
    for (const [id, element] of fresh) {
      const old = live.get(id);
      if (!element.parentNode && old?.parentNode) old.replaceWith(element);
      else old?.remove();
    }
    this.#arrange(fresh);
    this.mark(this.editor.chosen);
    this.editor.tell("drawn", { ids: [...fresh.keys()] });
  }

  /** Brings the page's own blocks into their order. */
  #arrange(fresh = new Map()) {
    this.isMoved = false;
    let at = this.root.firstElementChild;
    for (const { id } of this.editor.content.blocks) {
      if (at?.dataset.block === id) {
        at = at.nextElementSibling;
        continue;
      }
      const element = fresh.get(id) ?? this.element(id);
      if (element) this.root.insertBefore(element, at);
      else this.whole.add(id);
    }
    while (at) {
      const next = at.nextElementSibling;
      at.remove();
      at = next;
    }
    this.#title();
  }

  mark(id, from = "") {
    if (!this.isReady) return;
    for (const old of this.doc.querySelectorAll("[data-chosen]")) old.removeAttribute("data-chosen");
    const element = this.element(id);
    element?.setAttribute("data-chosen", "");
    if (element && from !== "canvas" && from !== "" && !isSeen(element)) element.scrollIntoView({ block: "center" });
  }
}

/** Returns a block with the first words of what stands in it, which the server needs to draw around it. */
function bare(block) {
  return { ...block, children: (block.children ?? []).map(({ children, ...own }) => own) };
}

/** Whether a change may give headings other ranks: typing hardly ever does. */
function mayRank({ does, path, before, after }) {
  if (does !== "set") return does !== "field";
  const [part, name] = path;
  return part !== "settings" || name === "level" || (name === "title" && !before !== !after);
}

function isSeen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const height = element.ownerDocument.documentElement.clientHeight;
  return bottom > 40 && top < height - 40;
}
