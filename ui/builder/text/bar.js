// The buttons of formatting over the page. They belong to whichever text is written in, and keep its caret.
import { ACTS } from "../../fields/richtext/toolbar.js";
import { linkLine } from "../../fields/richtext/links.js";

export class Bar {
  constructor(bar, line) {
    this.bar = bar;
    this.line = line;
    this.rich = null;
    bar.addEventListener("pointerdown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => {
      const does = event.target.closest("[data-does]")?.dataset.does;
      if (!does || !this.rich) return;
      if (does === "link") this.link();
      else ACTS[does].run(this.rich.editor.chain().focus()).run();
    });
  }

  /** Is held while the line under the buttons has the focus: the text is still being written. */
  get isHeld() {
    return !this.line.hidden && this.line.contains(document.activeElement);
  }

  for(rich) {
    this.rich = rich;
    this.bar.hidden = !rich;
    this.line.hidden = true;
    if (!rich) return;
    const fresh = this.line.cloneNode(true);
    this.line.replaceWith(fresh);
    this.line = fresh;
    this.open = linkLine(fresh, rich.editor);
    this.draw();
  }

  link() {
    this.open?.();
  }

  draw() {
    if (!this.rich) return;
    const { editor } = this.rich;
    for (const button of this.bar.querySelectorAll("[data-does]")) {
      const { on } = ACTS[button.dataset.does];
      if (on) button.setAttribute("aria-pressed", String(editor.isActive(...on)));
    }
  }
}
