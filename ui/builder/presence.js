// Who else is here: asked every few seconds while the window is seen; whoever saved meanwhile is followed.
import { ask } from "./editor.js";
import { initials } from "./overlay.js";
import { newId } from "./tree.js";

const EVERY = 8000;
const SOON = 400;

export class Presence {
  constructor(editor, overlay, saving, list) {
    Object.assign(this, { editor, overlay, saving, list, window: newId(), people: [] });
    editor.on("drawn", () => overlay.others(this.people));
    editor.on("canvas", () => overlay.others(this.people));
    editor.on("chosen", ({ id, was }) => id !== was && this.#soon());
    list.addEventListener("click", (event) => {
      const at = event.target.closest("[data-at]")?.dataset.at;
      if (at && editor.content.has(at)) editor.choose(at, { from: "people" });
    });
    document.addEventListener("visibilitychange", () => !document.hidden && this.ask());
    addEventListener("pagehide", () => this.#leave());
    editor.on("left", () => (this.isOver = true));
    this.ask();
  }

  /** Others learn at once where this window is now. */
  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), SOON);
  }

  #leave() {
    const body = JSON.stringify({ window: this.window });
    fetch(`${this.editor.api}/presence/leave`, { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body }).catch(() => {});
  }

  async ask() {
    clearTimeout(this.timer);
    if (document.hidden || this.isOver) return;
    try {
      const found = await ask(`${this.editor.api}/presence`, { body: { window: this.window, blockId: this.editor.chosen ?? "" } });
      this.#show(found.editors.filter((one) => one.window !== this.window));
      await this.saving.follow(found.edit);
    } catch (refused) {
      if (refused.status === 404) return;
    }
    this.timer = setTimeout(() => this.ask(), EVERY);
  }

  #show(people) {
    this.people = people;
    this.list.replaceChildren(
      ...people.map(({ name, blockId }) => {
        const block = this.editor.content.block(blockId);
        const title = block ? this.editor.say("is_at", { name, block: this.editor.title(block) }) : name;
        const mark = Object.assign(document.createElement("button"), { type: "button", className: "studio-person", textContent: initials(name), title });
        mark.setAttribute("aria-label", title);
        mark.dataset.at = blockId;
        return mark;
      }),
    );
    this.list.setAttribute("aria-label", people.length ? this.editor.say("also_here", { names: people.map(({ name }) => name).join(", ") }) : "");
    this.overlay.others(people);
  }
}
