// The bar over the page and the menu of a block: where it stands, and what can be done with it.
import * as acts from "./acts.js";
import { ask } from "./editor.js";
import { copyOf } from "./tree.js";

export class BlockMenu {
  constructor(editor, clipboard, root) {
    Object.assign(this, { editor, clipboard, root });
    this.trail = root.querySelector("[data-trail]");
    this.buttons = root.querySelectorAll("[data-act]");
    root.addEventListener("click", (event) => this.#clicked(event));
    editor.on("chosen", () => this.draw());
    editor.on("changed", ({ quiet }) => !quiet && this.draw());
    this.draw();
  }

  draw() {
    const { editor } = this;
    const { chosen: id, content } = editor;
    this.root.toggleAttribute("data-chosen", id !== null);
    this.#trail(id);
    const block = id !== null && content.block(id);
    for (const button of this.buttons) {
      const is = Boolean(block) && this.#can(button.dataset.act, id);
      button.disabled = !is;
      if (button.dataset.act === "hide") button.querySelector("[data-label]").textContent = editor.say(block?.hidden ? "show" : "hide");
    }
  }

  #can(act, id) {
    const { editor } = this;
    const { content } = editor;
    const isFree = Boolean(editor.type(id)?.allowed);
    const { parent, index } = content.place(id);
    const can = {
      up: () => index > 0 || parent !== null,
      down: () => index < content.below(parent).length - 1 || parent !== null,
      duplicate: () => isFree && editor.takes(parent, content.block(id).type),
      section: () => acts.canWrap(editor, id, "section"),
      columns: () => acts.canWrap(editor, id, "columns"),
      unwrap: () => acts.canUnwrap(editor, id),
      reusable: () => Boolean(editor.book.reusable?.allowed) && editor.takes(parent, "reusable") && !editor.type(id)?.inside.length && content.block(id).type !== "reusable",
    };
    return can[act]?.() ?? true;
  }

  #trail(id) {
    const ids = id === null ? [] : this.editor.content.trail(id);
    const steps = [null, ...ids].map((one) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "studio-step" });
      button.dataset.step = one ?? "";
      button.textContent = one === null ? this.editor.say("page") : (this.editor.type(one)?.label ?? this.editor.say("unknown_block"));
      if (one === id) button.setAttribute("aria-current", "true");
      return button;
    });
    this.trail.replaceChildren(...steps);
  }

  #clicked(event) {
    const step = event.target.closest("[data-step]");
    if (step) return this.editor.choose(step.dataset.step || null, { from: "trail" });
    const button = event.target.closest("[data-act]");
    if (!button || button.disabled) return undefined;
    button.closest("details")?.removeAttribute("open");
    return this.run(button.dataset.act);
  }

  run(act) {
    const { editor, clipboard } = this;
    const id = editor.chosen;
    const does = {
      up: () => acts.step(editor, id, -1),
      down: () => acts.step(editor, id, 1),
      duplicate: () => acts.duplicate(editor, id),
      hide: () => acts.hide(editor, id),
      section: () => acts.wrap(editor, id, "section"),
      columns: () => acts.wrap(editor, id, "columns"),
      unwrap: () => acts.unwrap(editor, id),
      copy: () => clipboard.write(id),
      cut: () => clipboard.write(id).then(() => acts.remove(editor, id)),
      paste: () => clipboard.fetch(),
      delete: () => acts.remove(editor, id),
      reusable: () => this.#reusable(id),
    };
    does[act]?.();
  }

  /** Makes a block a thing of its own that stands here by reference: changed once, it changes everywhere. */
  async #reusable(id) {
    const { editor } = this;
    const block = copyOf(editor.content.block(id));
    const title = editor.title(block);
    try {
      const made = await ask("/api/v1/pages/begin", { body: { kind: "reusable", title, content: { title, blocks: [block] } } });
      await ask(`/api/v1/pages/${made.id}/publish`, { body: {} });
      acts.replace(editor, id, [acts.made(editor, "reusable", { source: made.id })]);
      editor.notify(editor.say("made_reusable", { title }));
    } catch ({ problem }) {
      editor.notify(problem?.detail ?? editor.say("panel_unreached"), "warning");
    }
  }
}
