// Writing on the page: which text is being written, and what Enter, Backspace, arrows and “/” do between blocks.
import { made, remove, replace } from "../acts.js";
import { copyOf } from "../tree.js";
import { writePlain } from "./plain.js";
import { canWrite, isAtStart, isInEmptyLine, leaves, writeRich } from "./rich.js";
import { TableWriting } from "./table.js";

const KINDS = new Set(["line", "lines", "richtext", "cell"]);

export class Writing {
  constructor(editor, canvas, bar, tableMenu) {
    Object.assign(this, { editor, canvas, bar });
    this.now = null;
    this.pending = null;
    this.table = new TableWriting(editor, canvas, this, tableMenu);
    editor.on("canvas", ({ doc }) => this.#hear(doc));
    editor.on("drawn", () => this.#arrived());
    editor.on("added", ({ id }) => this.goTo(id, "all"));
    editor.on("chosen", ({ id }) => this.now && this.now.id !== id && this.end());
    editor.on("changed", ({ patches, quiet, how }) => !quiet && this.#elsewhere(patches, how));
  }

  #hear(doc) {
    this.now = null;
    doc.addEventListener("pointerdown", (event) => {
      const element = event.button === 0 && event.pointerType !== "touch" && event.target.closest?.("[data-edit]");
      if (element) this.start(element);
    });
    doc.addEventListener("click", (event) => {
      const element = event.target.closest?.("[data-edit]");
      if (element && this.now?.element !== element) this.start(element, "end");
    });
  }

  /** Begins to write in an element that bears a setting's words. at: where the caret goes, but where it is pressed. */
  start(element, at) {
    if (this.now?.element === element) return at && this.now.handle.focus(at);
    this.end();
    const id = this.canvas.idOf(element);
    const { edit: name, editAs: kind } = element.dataset;
    const block = this.editor.content.block(id);
    if (!block || !this.editor.type(id)?.allowed || !KINDS.has(kind)) return;
    const value = block.settings?.[name] ?? "";
    if (kind === "richtext" && !canWrite(value)) return void this.editor.notify(this.editor.say("write_in_panel"), "info");
    this.editor.choose(id, { from: "canvas" });
    const hear = {
      changed: (words) => this.#changed(id, name, words),
      key: (event, rich) => (kind === "richtext" ? this.#richKey(event, rich) : this.#plainKey(event)),
      pasted: (data) => kind === "cell" && this.table.paste(data),
      ended: () => setTimeout(() => this.now?.element === element && !this.bar.isHeld && this.#isLeft() && this.end()),
      drawn: () => this.bar.draw(),
    };
    const handle =
      kind === "richtext"
        ? writeRich(element, { html: value, hear, placeholder: element.dataset.placeholder })
        : writePlain(element, { isLines: kind === "lines", hear });
    this.now = { id, name, kind, element, handle, isChanged: false };
    this.canvas.writing = id;
    this.bar.for(kind === "richtext" ? handle : null);
    this.editor.tell("writing", { id });
    if (at) handle.focus(at);
  }

  #isLeft() {
    const { doc } = this.canvas;
    return !(doc.hasFocus() && this.now.element.contains(doc.activeElement));
  }

  end() {
    const { now } = this;
    if (!now) return;
    this.now = null;
    this.canvas.writing = null;
    this.bar.for(null);
    now.handle.end();
    this.editor.log.close();
    if (now.isChanged) this.canvas.again(now.id);
    this.editor.tell("written", { id: now.id, isStale: now.isChanged && now.kind === "richtext" });
  }

  #changed(id, name, after) {
    this.now.isChanged = true;
    if (this.now.kind === "cell") return this.table.keep(this.now, after);
    const before = copyOf(this.editor.content.block(id)?.settings?.[name]);
    this.editor.run([{ does: "set", id, path: ["settings", name], before, after }], { key: `text:${id}:${name}`, quiet: true });
  }

  /** An undo reached the text that is being written. */
  #elsewhere(patches, how) {
    const { now } = this;
    if (!now || how === "do") return;
    if (now.kind === "cell") {
      this.end();
      return this.canvas.again(now.id);
    }
    const value = this.editor.content.block(now.id)?.settings?.[now.name];
    if (value === undefined) this.end();
    else if (patches.some((patch) => patch.does === "set" && patch.id === now.id)) now.handle.set(value);
    return undefined;
  }

  /** Goes on writing in a block as soon as it stands on the page. */
  goTo(id, at = "end") {
    this.pending = { id, at };
    this.#arrived();
  }

  #arrived() {
    if (!this.pending) return;
    const block = this.canvas.element(this.pending.id);
    if (!block || this.canvas.whole.has(this.pending.id)) return;
    const { at } = this.pending;
    this.pending = null;
    const element = this.#first(block, at);
    block.scrollIntoView({ block: "nearest" });
    if (!element) return this.canvas.frame.focus();
    this.canvas.frame.contentWindow.focus();
    this.start(element, at);
  }

  /** Returns the words to begin with: at its end the last, else those that name the block, else the first. */
  #first(block, at) {
    const own = [...block.querySelectorAll("[data-edit]")];
    if (at === "end") return own.at(-1);
    const titled = this.editor.type(block.dataset.block)?.titled;
    return own.find((one) => one.dataset.edit === titled && this.canvas.idOf(one) === block.dataset.block) ?? own[0];
  }

  /** Goes to the words before (-1) or after (1) those that are written now. */
  beside(by, at = by < 0 ? "end" : "start") {
    const every = [...this.canvas.root.querySelectorAll("[data-edit]")];
    const next = every[every.indexOf(this.now.element) + by];
    if (next) this.start(next, at);
    return Boolean(next);
  }

  leave() {
    const { id } = this.now;
    this.end();
    this.editor.choose(id, { from: "canvas" });
    this.canvas.frame.contentWindow.focus();
  }

  #plainKey(event) {
    const { now } = this;
    const { key } = event;
    const isBare = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (now.kind === "cell" && this.table.key(event)) return void (event.preventDefault(), event.stopPropagation());
    if (key === "Escape") this.leave();
    else if (now.kind === "cell" && !key.startsWith("Arrow")) return;
    else if (key === "Enter" && (now.kind === "line" || event.ctrlKey)) this.#enter();
    else if (key === "Backspace" && now.handle.caret() === 0) this.#backspace(event);
    else if (key === "ArrowUp" && isBare && now.handle.caret() === 0) return void (this.beside(-1) && event.preventDefault());
    else if (key === "ArrowDown" && isBare && now.handle.caret() === now.element.textContent.length) {
      return void (this.beside(1) && event.preventDefault());
    } else return;
    if (key !== "Backspace") event.preventDefault();
    event.stopPropagation();
  }

  /** Enter: the next words of the block, else a new text after it; a heading gives that what stood behind the caret. */
  #enter() {
    const { id, element, handle, name } = this.now;
    const { editor } = this;
    const block = editor.content.block(id);
    const own = [...this.canvas.element(id).querySelectorAll("[data-edit]")];
    if (own.at(-1) !== element) return this.beside(1);
    const parent = editor.content.parent(id);
    if (!editor.takes(parent, "text")) return this.beside(1) || this.leave();
    const words = handle.text();
    const at = Math.max(0, handle.caret());
    const rest = block.type === "heading" ? words.slice(at).trim() : "";
    const fresh = made(editor, "text", { text: rest ? `<p>${escaped(rest)}</p>` : "" });
    const cut = rest ? [{ does: "set", id, path: ["settings", name], before: words, after: words.slice(0, at).trimEnd() }] : [];
    this.end();
    editor.run([...cut, { does: "put", parent, index: editor.content.index(id) + 1, block: fresh }], { select: fresh.id });
    return this.goTo(fresh.id, "start");
  }

  /** Backspace before the first sign: an empty block goes, a heading becomes text. */
  #backspace(event) {
    const { id, handle } = this.now;
    const block = this.editor.content.block(id);
    const isAlone = this.canvas.element(id).querySelectorAll("[data-edit]").length === 1;
    const words = handle.text().trim();
    if (!words && isAlone) {
      event.preventDefault();
      return this.#removeBackwards(id);
    }
    if (block.type !== "heading" || !this.editor.takes(this.editor.content.parent(id), "text")) return;
    event.preventDefault();
    const fresh = made(this.editor, "text", { text: `<p>${escaped(words)}</p>` });
    this.end();
    replace(this.editor, id, [fresh]);
    this.goTo(fresh.id, "start");
  }

  #removeBackwards(id) {
    const every = [...this.canvas.root.querySelectorAll("[data-edit]")];
    const before = every[every.indexOf(this.now.element) - 1];
    this.end();
    remove(this.editor, id);
    if (before) this.start(before, "end");
  }

  #richKey(event, rich) {
    const { key } = event;
    if (key === "Escape") this.leave();
    else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") this.bar.link();
    else if (key === "/" && isInEmptyLine(rich)) this.#offer(rich);
    else if (key === "Backspace" && isAtStart(rich)) {
      if (!this.#joinBackwards(rich)) return false;
    } else if ((key === "ArrowUp" || key === "ArrowDown") && !event.shiftKey && !event.altKey && leaves(rich, key)) {
      if (!this.beside(key === "ArrowUp" ? -1 : 1)) return false;
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #offer(rich) {
    const { id } = this.now;
    const { left, bottom } = rich.view.coordsAtPos(rich.state.selection.from);
    const back = () => {
      this.canvas.frame.contentWindow.focus();
      const text = this.canvas.element(id)?.querySelector("[data-edit]");
      if (text) this.start(text, "end");
      this.now?.handle.editor?.commands.insertContent("/");
    };
    const instead = rich.isEmpty ? id : null;
    this.end();
    this.editor.tell("wanted", { after: id, instead, point: { x: left, y: bottom + 8 }, back });
  }

  /** Backspace before the first word of a text: nothing goes, or it joins the text before it. */
  #joinBackwards(rich) {
    const { id } = this.now;
    const { content } = this.editor;
    if (rich.isEmpty) {
      this.#removeBackwards(id);
      return true;
    }
    const { parent, index } = content.place(id);
    const before = content.below(parent)[index - 1];
    if (before?.type !== "text" || rich.state.doc.firstChild?.type.name !== "paragraph") return false;
    const own = content.block(id).settings.text;
    const joined = `${before.settings.text}\n${own}`;
    const taken = copyOf(content.block(id));
    this.end();
    this.editor.run(
      [
        { does: "take", parent, index, block: taken },
        { does: "set", id: before.id, path: ["settings", "text"], before: before.settings.text, after: joined },
      ],
      { select: before.id },
    );
    this.goTo(before.id, "end");
    return true;
  }
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
