// What the keyboard does, wherever the focus is: on the page, in the tree or beside them.
import * as acts from "./acts.js";

const TYPING = "input:not([type=radio], [type=checkbox], [type=color]), textarea, select, [contenteditable]:not([contenteditable=false])";

export class Keys {
  constructor(parts) {
    Object.assign(this, parts);
    document.addEventListener("keydown", (event) => this.#pressed(event));
    this.editor.on("canvas", ({ doc }) => doc.addEventListener("keydown", (event) => this.#pressed(event)));
  }

  #pressed(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const isControl = event.ctrlKey || event.metaKey;
    const does = isControl ? this.#control(event) : this.#plain(event);
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }

  #control(event) {
    const { editor, writing } = this;
    const key = event.key.toLowerCase();
    const isTyping = event.target.closest?.(TYPING);
    const isRich = writing.now?.kind === "richtext";
    if (key === "s") return () => this.saving.save(editor.say("kept_by_hand")).then((is) => is && editor.notify(editor.say("version_kept")));
    if (key === "\\") return () => editor.tell("fold");
    const isBack = key === "z" && !event.shiftKey;
    if (isBack || key === "y" || key === "z") {
      if (isTyping && !writing.now) return null;
      if (isRich && writing.now.handle.editor.can()[isBack ? "undo" : "redo"]()) return null;
      return () => (isBack ? this.undo() : this.redo());
    }
    if (isTyping || !editor.chosen) return null;
    if (key === "d") return () => acts.duplicate(editor, editor.chosen);
    if (key === "enter") return () => editor.tell("settings", { id: editor.chosen });
    return null;
  }

  undo() {
    this.editor.log.close();
    this.editor.log.undo();
  }

  redo() {
    this.editor.log.redo();
  }

  #plain(event) {
    const { editor, writing, canvas } = this;
    if (event.target.closest?.(TYPING) || event.target.closest?.("button, summary, a, [role=option], [role=tab]")) return null;
    const { chosen: id, content } = editor;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && id) {
      if (step) return () => acts.step(editor, id, step);
      if (event.key === "ArrowLeft") return () => acts.leave(editor, id);
      if (event.key === "ArrowRight") return () => acts.enter(editor, id);
    }
    if (event.altKey || event.shiftKey) return null;
    if (step) return () => this.#go(step);
    if (event.key === "/") return () => editor.tell("wanted", { after: id, point: this.#below(id), back: () => canvas.frame.contentWindow.focus() });
    if (!id) return null;
    if (event.key === "Escape") return () => editor.choose(content.parent(id), { from: "keys" });
    if (event.key === "Delete" || event.key === "Backspace") return () => acts.remove(editor, id);
    if (event.key === "Enter") return () => writing.goTo(id, "end");
    if (event.key.toLowerCase() === "h") return () => acts.hide(editor, id);
    return null;
  }

  #go(step) {
    const { editor } = this;
    const every = [...editor.content.walk()];
    const here = every.findIndex(({ id }) => id === editor.chosen);
    const next = every[here < 0 ? (step > 0 ? 0 : every.length - 1) : here + step];
    if (next) editor.choose(next.id, { from: "keys" });
  }

  #below(id) {
    const box = this.canvas.element(id)?.getBoundingClientRect();
    return box && { x: box.left + 24, y: Math.min(box.bottom, box.top + 80) };
  }
}
