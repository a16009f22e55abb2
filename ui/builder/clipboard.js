// Blocks on the clipboard, as JSON: within a page, between pages, and between sites. The server checks what comes in.
import { addAll, remove } from "./acts.js";
import { ask } from "./editor.js";
import { copyOf } from "./tree.js";

const SIGN = "agora.blocks";

export class Clipboard {
  constructor(editor) {
    this.editor = editor;
    for (const name of ["copy", "cut", "paste"]) this.listen(document, name);
    editor.on("canvas", ({ doc }) => ["copy", "cut", "paste"].forEach((name) => this.listen(doc, name)));
  }

  listen(doc, name) {
    doc.addEventListener(name, (event) => {
      if (event.target.closest?.("input, textarea, [contenteditable]") || event.defaultPrevented) return;
      if (document.querySelector("dialog[open]") || doc.getSelection()?.isCollapsed === false) return;
      this[name](event);
    });
  }

  #text(id) {
    return JSON.stringify({ kind: SIGN, version: 1, blocks: [copyOf(this.editor.content.block(id))] });
  }

  copy(event) {
    const { editor } = this;
    if (!editor.chosen) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", this.#text(editor.chosen));
    editor.notify(editor.say("copied"));
  }

  cut(event) {
    const { chosen } = this.editor;
    if (!chosen) return;
    this.copy(event);
    remove(this.editor, chosen);
  }

  paste(event) {
    const found = read(event.clipboardData.getData("text/plain"));
    if (!found) return;
    event.preventDefault();
    this.put(found);
  }

  async write(id) {
    await navigator.clipboard.writeText(this.#text(id)).catch(() => {});
    this.editor.notify(this.editor.say("copied"));
  }

  /** Pastes from a menu, where the browser lets it; else says which keys do. */
  async fetch() {
    const text = await navigator.clipboard.readText().catch(() => null);
    const found = text && read(text);
    if (found) return this.put(found);
    return this.editor.notify(this.editor.say(text === null ? "paste_by_key" : "nothing_to_paste"), "info");
  }

  async put(blocks) {
    const { editor } = this;
    try {
      const checked = await ask(`${editor.base}/paste`, { body: { blocks } });
      if (!checked.blocks.length) return;
      if (!addAll(editor, checked.blocks)) return void editor.notify(editor.say("no_place_here"), "warning");
      editor.notify(editor.say("pasted"));
    } catch ({ problem }) {
      editor.notify(problem?.detail ?? editor.say("panel_unreached"), "warning");
    }
  }
}

function read(text) {
  if (!text.includes(SIGN)) return null;
  try {
    const { kind, blocks } = JSON.parse(text);
    return kind === SIGN && Array.isArray(blocks) ? blocks : null;
  } catch {
    return null;
  }
}
