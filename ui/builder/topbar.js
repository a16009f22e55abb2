// The bar at the top: the page's title, undo and redo, and publishing, which says first what will happen.
import { ask } from "./editor.js";

export class Topbar {
  constructor({ editor, saving, keys, canvas }, root) {
    Object.assign(this, { editor, saving, keys, canvas, root });
    this.title = root.querySelector("[data-title]");
    this.dialog = document.querySelector("[data-publishing]");
    this.title.addEventListener("input", () => this.#titled());
    this.title.addEventListener("keydown", (event) => event.key === "Enter" && this.title.blur());
    root.querySelector("[data-undo]").addEventListener("click", () => keys.undo());
    root.querySelector("[data-redo]").addEventListener("click", () => keys.redo());
    root.querySelector("[data-publishes]").addEventListener("click", () => this.open());
    root.querySelector("[data-opens-page]").addEventListener("click", () => {
      editor.choose(null, { from: "menu" });
      editor.tell("settings", { id: null });
    });
    this.dialog.addEventListener("click", (event) => this.#clicked(event));
    this.dialog.addEventListener("submit", (event) => this.#submitted(event));
    editor.on("changed", () => this.draw());
    editor.on("saved", () => this.#unpublished());
    editor.on("standing", (page) => this.#stands(page));
    this.draw();
  }

  #titled() {
    const { fields } = this.editor.content;
    const after = this.title.value.trim();
    if (after) this.editor.run([{ does: "field", name: "title", before: fields.title, after }], { key: "title" });
  }

  draw() {
    const { log, content } = this.editor;
    const state = `${log.canUndo} ${log.canRedo} ${content.fields.title}`;
    if (state === this.state) return;
    this.state = state;
    this.root.querySelector("[data-undo]").disabled = !log.canUndo;
    this.root.querySelector("[data-redo]").disabled = !log.canRedo;
    if (this.title !== document.activeElement) this.title.value = content.fields.title ?? "";
    this.#unpublished();
  }

  #unpublished() {
    const { page, log } = this.editor;
    const isNewer = page.hasUnpublishedChanges || (page.status === "published" && log.turn > 0);
    this.root.querySelector("[data-newer]").hidden = !(page.status === "published" && isNewer);
  }

  /** Saves, asks the server what publishing would do and what it found, and shows both. */
  async open() {
    const { editor, dialog } = this;
    const body = dialog.querySelector("[data-body]");
    body.replaceChildren(Object.assign(document.createElement("p"), { className: "note", textContent: editor.say("looking") }));
    dialog.showModal();
    await editor.settle();
    await this.saving.save();
    try {
      const answer = await fetch(`${editor.base}/publishing`, { headers: { accept: "text/html" } });
      if (!answer.ok || this.saving.isDirty) throw answer;
      body.innerHTML = await answer.text();
    } catch {
      body.firstChild.textContent = editor.say("not_saved_yet");
    }
  }

  #clicked(event) {
    const item = event.target.closest("[data-goes-to]");
    if (!item) return;
    this.dialog.close();
    const { goesTo, setting } = item.dataset;
    this.editor.choose(goesTo || null, { from: "checks" });
    this.editor.tell("settings", { id: goesTo || null, setting });
  }

  async #submitted(event) {
    const form = event.target;
    const act = event.submitter?.value;
    if (!act) return;
    event.preventDefault();
    const { editor } = this;
    const wanted = new FormData(form);
    const address = `${editor.api}/${act === "schedule" || act === "unschedule" ? "schedule" : act}`;
    const asked = {
      publish: () => ({ body: { edit: editor.edit } }),
      unpublish: () => ({}),
      review: () => ({}),
      schedule: () => ({ method: "PUT", body: { publishAt: moment(wanted.get("publishAt")), unpublishAt: moment(wanted.get("unpublishAt")) } }),
      unschedule: () => ({ method: "PUT", body: { publishAt: null, unpublishAt: null } }),
    };
    try {
      const found = await ask(address, asked[act]());
      this.dialog.close();
      if (found?.status) this.#is(found);
      editor.notify(editor.say(`done_${act}`));
    } catch ({ problem }) {
      const said = form.querySelector("[data-refused]");
      said.textContent = problem?.detail ?? editor.say("panel_unreached");
      said.hidden = false;
    }
  }

  #is(page) {
    this.editor.page = page;
    this.root.querySelector("[data-newer]").hidden = true;
    this.#stands(page);
  }

  #stands(page) {
    const sign = this.root.querySelector("[data-status]");
    sign.dataset.status = page.status;
    sign.textContent = this.editor.say(`status_${page.status}`);
    const seen = this.root.querySelector("[data-sees]");
    seen.hidden = page.status !== "published" || !page.url;
    seen.href = page.url ?? "/";
  }
}

/** Returns a local time of the reader's device as the API takes it; null for none. */
function moment(text) {
  return text ? new Date(text).toISOString() : null;
}
