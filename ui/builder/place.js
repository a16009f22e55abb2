// What is at once true of a page, whatever its draft says: its place, who may see it, its plan, and that it is there.
import { complain } from "./complaints.js";
import { ask } from "./editor.js";
import { copyOf, renewed } from "./tree.js";

export class Place {
  constructor(editor, saving, panel) {
    Object.assign(this, { editor, saving, panel });
    panel.addEventListener("submit", (event) => this.#submitted(event));
    panel.addEventListener("change", (event) => event.target.name === "visibility" && this.#opensTo(event.target.value));
    editor.on("panel", () => this.#drawn());
    editor.on("page-fields", () => this.#preview());
    editor.on("changed", ({ patches }) => patches.some(({ does }) => does === "field") && this.#preview());
  }

  #submitted(event) {
    const form = event.target;
    const does = { place: () => this.#send(form, "place"), plan: () => this.#send(form, "plan"), template: () => this.#template(form), doing: () => this.#leave(form) };
    const name = Object.keys(does).find((one) => one in form.dataset);
    if (!name) return;
    event.preventDefault();
    does[name]();
  }

  /** The settings were drawn anew: the focus goes back to the button that had it. */
  #drawn() {
    if (this.back) this.panel.querySelector(`${this.back} button[type=submit]`)?.focus();
    this.back = "";
    this.#preview();
  }

  #opensTo(visibility) {
    for (const part of this.panel.querySelectorAll("[data-if]")) part.hidden = part.dataset.if !== visibility;
  }

  async #send(form, name) {
    const { editor } = this;
    const said = form.querySelector("[data-refused]");
    said.hidden = true;
    try {
      const answer = await fetch(`${editor.base}/${name}`, { method: "POST", headers: { accept: "application/json" }, body: new FormData(form) });
      const found = await answer.json();
      if (!answer.ok) throw found;
      complain(form, {});
      editor.page = found;
      editor.tell("standing", found);
      editor.notify(editor.say(name === "plan" && !found.publishAt && !found.unpublishAt ? "done_unschedule" : `${name}_changed`));
      this.back = `[data-${name}]`;
      editor.tell("chosen", { id: null });
    } catch (problem) {
      const errors = Object.fromEntries((problem?.errors ?? []).map(({ field, message }) => [field, message]));
      const [left] = complain(form, errors);
      const words = left ?? (Object.keys(errors).length ? "" : problem?.detail ?? editor.say("panel_unreached"));
      said.textContent = words;
      said.hidden = !words;
      form.querySelector(".field-invalid :is(input:not([type=hidden]), select)")?.focus();
    }
  }

  /** Takes a template's blocks in place of the page's own, as one step that can be undone. */
  async #template(form) {
    const { editor } = this;
    try {
      const { content } = await ask(`/api/v1/pages/${new FormData(form).get("template")}/draft`, { method: "GET" });
      const before = editor.content.plain();
      const after = { ...copyOf(before), blocks: (content.blocks ?? []).map(renewed) };
      editor.run([{ does: "all", before, after }]);
      editor.notify(editor.say("template_taken"));
    } catch ({ problem }) {
      editor.notify(problem?.detail ?? editor.say("panel_unreached"), "warning");
    }
  }

  /** What is written is saved before the page is left. */
  async #leave(form) {
    const { editor, saving } = this;
    await saving.save();
    if (saving.isDirty) return editor.notify(editor.say("not_saved_yet"), "warning");
    editor.tell("left");
    return form.submit();
  }

  /** Shows how a search engine and a network will show the page, while it is typed. */
  #preview() {
    const { fields } = this.editor.content;
    const title = fields.seoTitle || fields.title || "";
    const put = (name, words) => {
      const element = this.panel.querySelector(`[data-${name}]`);
      if (element && words) element.textContent = words;
    };
    put("result-title", title);
    put("result-text", fields.seoDescription || fields.excerpt);
    put("share-title", fields.socialTitle || title);
  }
}
