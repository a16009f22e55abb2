// What is at once true of a page, whatever its draft says: its address, and who may see it.
import { ask } from "./editor.js";

export class Place {
  constructor(editor, panel) {
    this.editor = editor;
    panel.addEventListener("submit", (event) => event.target.matches("[data-place]") && this.#change(event));
    panel.addEventListener("change", (event) => {
      if (event.target.name !== "visibility") return;
      panel.querySelector("[data-if-password]").hidden = event.target.value !== "password";
    });
    editor.on("panel", () => this.#preview(panel));
    editor.on("page-fields", () => this.#preview(panel));
    editor.on("changed", ({ patches }) => patches.some(({ does }) => does === "field") && this.#preview(panel));
  }

  async #change(event) {
    event.preventDefault();
    const form = event.target;
    const { editor } = this;
    const wanted = new FormData(form);
    const said = form.querySelector("[data-refused]");
    said.hidden = true;
    try {
      const visibility = wanted.get("visibility");
      const password = wanted.get("password");
      if (visibility === "password" && password) {
        await ask(`${editor.api}/password`, { method: "PUT", body: { password } });
      }
      const found = await ask(editor.api, { method: "PATCH", body: { slug: wanted.get("slug"), visibility } });
      editor.page.url = found.url;
      editor.notify(editor.say("place_changed"));
      editor.tell("chosen", { id: null });
    } catch ({ problem }) {
      said.textContent = problem?.errors?.[0]?.message ?? problem?.detail ?? editor.say("panel_unreached");
      said.hidden = false;
    }
  }

  /** Shows how a search engine and a network will show the page, while it is typed. */
  #preview(panel) {
    const { fields } = this.editor.content;
    const title = fields.seoTitle || fields.title || "";
    const put = (name, words) => {
      const element = panel.querySelector(`[data-${name}]`);
      if (element && words) element.textContent = words;
    };
    put("result-title", title);
    put("result-text", fields.seoDescription || fields.excerpt);
    put("share-title", fields.socialTitle || title);
  }
}
