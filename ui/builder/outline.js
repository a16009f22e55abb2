// The tree of blocks on the left: fold, choose, rename, move by key and by hand.
import * as acts from "./acts.js";
import { ROOT } from "./tree.js";

const STEP = 14;
const PAUSE = 200;

export class Outline {
  constructor(editor, list) {
    this.editor = editor;
    this.list = list;
    this.folded = new Set();
    this.rows = new Map();
    this.late = new Set();
    editor.on("changed", ({ patches, quiet }) => this.#changed(patches, quiet));
    editor.on("chosen", ({ id, from }) => this.#chosen(id, from));
    list.addEventListener("click", (event) => this.#clicked(event));
    list.addEventListener("dblclick", (event) => this.#rename(idAt(event)));
    list.addEventListener("keydown", (event) => this.#key(event));
    this.mark = Object.assign(document.createElement("div"), { className: "studio-row-line", hidden: true });
    list.parentNode.append(this.mark);
    this.draw();
  }

  #changed(patches, quiet) {
    if (patches.every((patch) => patch.does === "field")) return;
    if (patches.some((patch) => patch.does !== "set")) return void this.draw();
    patches.forEach(({ id }) => this.late.add(id));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#retitle(), quiet ? PAUSE : 0);
  }

  /** Words that are being typed reach the tree when they rest. */
  #retitle() {
    this.late.forEach((id) => this.#title(id));
    this.late.clear();
  }

  #title(id) {
    const block = this.editor.content.block(id);
    const row = this.rows.get(id);
    if (!block || !row) return;
    row.querySelector(".studio-row-title").textContent = this.editor.title(block);
    row.toggleAttribute("data-hidden", Boolean(block.hidden));
  }

  draw() {
    const hadFocus = this.list.contains(document.activeElement);
    const before = this.rows;
    this.rows = new Map();
    const rows = [];
    this.#collect(this.editor.content.blocks, 1, rows, before);
    this.list.replaceChildren(...rows);
    this.list.toggleAttribute("data-empty", !rows.length);
    this.#chosen(this.editor.chosen, "");
    if (hadFocus) this.#focus(this.editor.chosen);
  }

  /** Rows that look as before are used again. */
  #collect(blocks, level, rows, before) {
    blocks.forEach((block, place) => {
      const isHolder = Boolean(block.children?.length);
      const looks = [level, place, blocks.length, isHolder, this.folded.has(block.id), block.hidden, this.editor.title(block)].join("|");
      const old = before.get(block.id);
      const row = old?.dataset.looks === looks ? old : this.#row(block, level, place + 1, blocks.length);
      row.dataset.looks = looks;
      this.rows.set(block.id, row);
      rows.push(row);
      if (isHolder && !this.folded.has(block.id)) this.#collect(block.children, level + 1, rows, before);
    });
  }

  #row(block, level, place, size) {
    const { editor } = this;
    const type = editor.book[block.type];
    const isHolder = Boolean(block.children?.length);
    const row = document.createElement("li");
    row.className = "studio-row";
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-level", level);
    row.setAttribute("aria-posinset", place);
    row.setAttribute("aria-setsize", size);
    if (isHolder) row.setAttribute("aria-expanded", String(!this.folded.has(block.id)));
    row.tabIndex = -1;
    Object.assign(row.dataset, { drags: block.id, kind: "row" });
    row.toggleAttribute("data-hidden", Boolean(block.hidden));
    row.style.setProperty("--indent", `${(level - 1) * STEP}px`);
    row.innerHTML =
      `<span class="studio-row-fold" aria-hidden="true">${isHolder ? editor.icons["chevron-right"] : ""}</span>` +
      `<span class="studio-row-icon">${type?.icon ?? editor.icons.square}</span>` +
      `<span class="studio-row-title"></span>` +
      `<span class="studio-row-marks">${type && !type.allowed ? editor.icons.lock : ""}<span class="studio-row-hidden">${editor.icons["eye-off"]}</span></span>` +
      `<span class="studio-row-grip" data-grip aria-hidden="true">${editor.icons["grip-vertical"]}</span>`;
    row.querySelector(".studio-row-title").textContent = editor.title(block);
    if (type) row.title = type.label;
    return row;
  }

  #chosen(id, from) {
    for (const row of this.rows.values()) {
      if (row.getAttribute("aria-selected") === "true") row.setAttribute("aria-selected", "false");
      row.tabIndex = -1;
    }
    const above = id === null ? [] : this.editor.content.trail(id).slice(0, -1);
    if (above.some((one) => this.folded.has(one))) {
      above.forEach((one) => this.folded.delete(one));
      return this.draw();
    }
    const row = this.rows.get(id);
    row?.setAttribute("aria-selected", "true");
    const stop = row ?? this.list.firstElementChild;
    if (stop) stop.tabIndex = 0;
    if (row && from !== "tree") row.scrollIntoView({ block: "nearest" });
  }

  #focus(id) {
    (this.rows.get(id) ?? this.list.firstElementChild)?.focus();
  }

  #clicked(event) {
    const id = idAt(event);
    if (!id) return;
    if (event.target.closest(".studio-row-fold")) return this.#fold(id, !this.folded.has(id));
    this.editor.choose(id, { from: "tree" });
    this.#focus(id);
  }

  #fold(id, is) {
    if (!this.editor.content.below(id).length) return;
    if (is) this.folded.add(id);
    else this.folded.delete(id);
    if (is && this.editor.content.isInside(this.editor.chosen, id)) this.editor.choose(id, { from: "tree" });
    this.draw();
  }

  #key(event) {
    const id = idAt(event);
    if (!id || event.target.matches("input")) return;
    const { content } = this.editor;
    const rows = [...this.rows.keys()];
    const here = rows.indexOf(id);
    const isOpen = content.below(id).length > 0 && !this.folded.has(id);
    if (event.altKey) return this.#moved(event, id);
    const to = { ArrowUp: rows[here - 1], ArrowDown: rows[here + 1], Home: rows[0], End: rows.at(-1) }[event.key];
    if (to) this.#go(to);
    else if (event.key === "ArrowLeft" && isOpen) this.#fold(id, true);
    else if (event.key === "ArrowLeft" && content.parent(id) !== ROOT) this.#go(content.parent(id));
    else if (event.key === "ArrowRight" && this.folded.has(id)) this.#fold(id, false);
    else if (event.key === "ArrowRight" && isOpen) this.#go(content.below(id)[0].id);
    else if (event.key === "F2") this.#rename(id);
    else if (event.key === "Enter" || event.key === " ") this.editor.tell("settings", { id });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #go(id) {
    this.editor.choose(id, { from: "tree" });
    this.#focus(id);
    this.rows.get(id)?.scrollIntoView({ block: "nearest" });
  }

  #moved(event, id) {
    const does = {
      ArrowUp: () => acts.step(this.editor, id, -1),
      ArrowDown: () => acts.step(this.editor, id, 1),
      ArrowLeft: () => acts.leave(this.editor, id),
      ArrowRight: () => acts.enter(this.editor, id),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
    this.#focus(id);
  }

  /** Lets a block's own words be typed in its row. */
  #rename(id) {
    const block = this.editor.content.block(id);
    const type = block && this.editor.book[block.type];
    if (!type?.titled || !type.allowed || !["line", "lines"].includes(type.kinds[type.titled])) return;
    const title = this.rows.get(id).querySelector(".studio-row-title");
    const input = Object.assign(document.createElement("input"), { className: "studio-row-name", maxLength: 300 });
    input.value = block.settings?.[type.titled] ?? "";
    input.setAttribute("aria-label", this.editor.say("rename"));
    title.replaceChildren(input);
    input.select();
    const end = (isKept) => {
      input.onblur = null;
      const before = block.settings?.[type.titled];
      if (isKept) this.editor.run([{ does: "set", id, path: ["settings", type.titled], before, after: input.value.trim() }]);
      this.#title(id);
      this.#focus(id);
    };
    input.onblur = () => end(true);
    input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") end(true);
      if (event.key === "Escape") end(false);
    };
  }

  /** Returns where a block would drop in the tree, or null outside of it. */
  spotAt({ x, y }, what) {
    const box = this.list.getBoundingClientRect();
    if (!box.width || x < box.left || x > box.right || y < box.top - 8 || y > box.bottom + 40) return null;
    const rows = [...this.rows.entries()].filter(([id]) => !what.id || !this.editor.content.isInside(id, what.id));
    let place = rows.findIndex(([, row]) => y < middle(row));
    if (place < 0) place = rows.length;
    const before = rows[place - 1];
    const level = Math.max(0, Math.round((x - box.left - 28) / STEP));
    const own = before && rows[place - 1][1].getBoundingClientRect();
    const top = (own ? own.bottom : box.top) - this.list.parentNode.getBoundingClientRect().top + this.list.parentNode.scrollTop;
    if (!before) return this.editor.takes(ROOT, what.type) ? { parent: ROOT, index: 0, top, level: 0 } : null;
    return this.#fit(before[0], level, what, top);
  }

  /** Chooses among the places behind a row: in it, beside it, or beside one of those around it, as far in as asked. */
  #fit(id, level, what, top) {
    const { content } = this.editor;
    const trail = content.trail(id);
    const fits = [];
    if (!content.below(id).filter((one) => one.id !== what.id).length || this.folded.has(id)) fits.push({ parent: id, index: 0, level: trail.length });
    else return this.#allowed(id, what) ? { parent: id, index: 0, top, level: trail.length } : null;
    for (let at = trail.length - 1; at >= 0; at -= 1) {
      const parent = at ? trail[at - 1] : ROOT;
      const beside = content.below(parent).filter((one) => one.id !== what.id);
      const index = beside.findIndex((one) => one.id === trail[at]) + 1;
      fits.push({ parent, index, level: at });
      if (index < beside.length) break;
    }
    const allowed = fits.filter(({ parent }) => this.#allowed(parent, what));
    allowed.sort((one, other) => Math.abs(one.level - level) - Math.abs(other.level - level));
    return allowed[0] ? { ...allowed[0], top } : null;
  }

  #allowed(parent, what) {
    const isOwn = what.id && this.editor.content.parent(what.id) === parent;
    return isOwn || this.editor.takes(parent, what.type);
  }

  drop(spot) {
    this.mark.hidden = !spot;
    if (!spot) return;
    this.mark.style.top = `${spot.top}px`;
    this.mark.style.setProperty("--indent", `${spot.level * STEP}px`);
  }
}

function middle(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return (top + bottom) / 2;
}

function idAt(event) {
  return event.target.closest?.("[data-kind=row]")?.dataset.drags ?? null;
}
