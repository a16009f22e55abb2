// A reusable block where it is used: letting it go makes its blocks this page's own.
import { replace } from "./acts.js";
import { ask } from "./editor.js";

export class Reuse {
  constructor(editor, panel) {
    this.editor = editor;
    panel.addEventListener("click", (event) => event.target.closest("[data-detaches]") && this.#detach());
  }

  async #detach() {
    const { editor } = this;
    const id = editor.chosen;
    await editor.settle();
    const { children, ...block } = editor.content.block(id);
    try {
      const { blocks } = await ask(`${editor.base}/detached`, { body: { block } });
      if (!editor.content.has(id)) return;
      const parent = editor.content.parent(id);
      const misfit = blocks.find((one) => !editor.takes(parent, one.type));
      if (misfit) return void editor.notify(editor.say("no_place", { block: editor.title(misfit) }), "warning");
      replace(editor, id, blocks);
      editor.notify(editor.say("detached"));
    } catch ({ problem }) {
      editor.notify(problem?.detail ?? editor.say("panel_unreached"), "warning");
    }
  }
}
