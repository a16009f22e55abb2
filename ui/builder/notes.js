// Notes of the review, about a block or the page; and links that show the draft to whoever has them.
import { ask } from "./editor.js";

export class Notes {
  constructor(editor, root) {
    this.editor = editor;
    this.dialog = document.querySelector("[data-notes]");
    this.list = this.dialog.querySelector("[data-notes-list]");
    this.form = this.dialog.querySelector("[data-notes-form]");
    this.count = root.querySelector("[data-notes-count]");
    root.querySelector("[data-opens-notes]").addEventListener("click", () => this.open());
    root.querySelector("[data-makes-preview]").addEventListener("click", () => this.#preview());
    this.form.addEventListener("submit", (event) => this.#add(event));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.#read();
  }

  async #read() {
    try {
      this.notes = (await ask(`${this.editor.api}/notes`, { method: "GET" })).items;
    } catch {
      this.notes = [];
    }
    const open = this.notes.filter((note) => !note.resolvedAt).length;
    this.count.textContent = open;
    this.count.hidden = !open;
    this.#draw();
  }

  async open() {
    const { editor } = this;
    const block = editor.content.block(editor.chosen);
    this.form.querySelector("[data-notes-about]").textContent = block
      ? editor.say("note_on", { block: editor.title(block) })
      : editor.say("note_on_page");
    this.dialog.showModal();
    await this.#read();
  }

  #draw() {
    const { editor } = this;
    if (!this.notes.length) {
      this.list.replaceChildren(Object.assign(document.createElement("p"), { className: "note", textContent: editor.say("no_notes") }));
      return;
    }
    this.list.replaceChildren(...this.notes.map((note) => this.#note(note)));
  }

  #note(note) {
    const { editor } = this;
    const block = editor.content.block(note.blockId);
    const holder = document.createElement("article");
    holder.className = "studio-note";
    holder.toggleAttribute("data-settled", Boolean(note.resolvedAt));
    const head = Object.assign(document.createElement("p"), { className: "studio-note-head" });
    const when = new Date(note.createdAt).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    head.append(Object.assign(document.createElement("strong"), { textContent: note.authorName }), ` ${when}`);
    const words = Object.assign(document.createElement("p"), { textContent: note.text });
    const acts = Object.assign(document.createElement("p"), { className: "studio-note-head" });
    if (block) acts.append(button(editor.title(block), { goes: note.blockId }));
    acts.append(button(editor.say(note.resolvedAt ? "reopen" : "resolve"), { settles: note.id, is: note.resolvedAt ? "" : "1" }));
    holder.append(head, words, acts);
    return holder;
  }

  async #clicked(event) {
    const { goes, settles, is } = event.target.closest("button")?.dataset ?? {};
    if (goes) {
      this.dialog.close();
      this.editor.choose(goes, { from: "notes" });
    }
    if (!settles) return;
    await ask(`${this.editor.api}/notes/${settles}/resolve`, { body: { resolved: Boolean(is) } }).catch(() => {});
    await this.#read();
  }

  async #add(event) {
    event.preventDefault();
    const { editor } = this;
    const field = this.form.elements.text;
    const asksChanges = event.submitter?.value === "changes";
    const body = { text: field.value, blockId: editor.chosen ?? "" };
    try {
      await ask(`${editor.api}/${asksChanges ? "request-changes" : "notes"}`, { body });
      field.value = "";
      await this.#read();
    } catch ({ problem }) {
      editor.notify(problem?.detail ?? editor.say("panel_unreached"), "warning");
    }
  }

  async #preview() {
    const { editor } = this;
    try {
      const { url, expiresAt } = await ask(`${editor.api}/previews`, { body: {} });
      const at = new Date(expiresAt).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
      const isCopied = await navigator.clipboard?.writeText(url).then(() => true, () => false);
      editor.notify(isCopied ? editor.say("link_copied", { at }) : `${editor.say("link_made", { at })} ${url}`, "info");
    } catch ({ problem }) {
      editor.notify(problem?.detail ?? editor.say("panel_unreached"), "warning");
    }
  }
}

function button(words, data) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet button-small", textContent: words });
  Object.assign(made.dataset, data);
  return made;
}
