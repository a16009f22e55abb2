// The editor's buttons: one stop for Tab, arrows between them, pressed where the text under the cursor is so.

/** What each button does, and when it is pressed. */
export const ACTS = {
  bold: { run: (chain) => chain.toggleBold(), on: ["bold"] },
  italic: { run: (chain) => chain.toggleItalic(), on: ["italic"] },
  heading2: { run: (chain) => chain.toggleHeading({ level: 2 }), on: ["heading", { level: 2 }] },
  heading3: { run: (chain) => chain.toggleHeading({ level: 3 }), on: ["heading", { level: 3 }] },
  bullets: { run: (chain) => chain.toggleBulletList(), on: ["bulletList"] },
  numbers: { run: (chain) => chain.toggleOrderedList(), on: ["orderedList"] },
  quote: { run: (chain) => chain.toggleBlockquote(), on: ["blockquote"] },
  code: { run: (chain) => chain.toggleCode(), on: ["code"] },
  undo: { run: (chain) => chain.undo(), can: (can) => can.undo() },
  redo: { run: (chain) => chain.redo(), can: (can) => can.redo() },
  link: { on: ["link"] },
  image: {},
  source: {},
};

/** others: what the buttons do that are not the editor's own, by name. Returns what draws the bar anew. */
export function toolbar(bar, editor, others) {
  const buttons = [...bar.querySelectorAll("button")];
  buttons.forEach((button, place) => (button.tabIndex = place ? -1 : 0));

  bar.addEventListener("click", (event) => {
    const does = event.target.closest("button")?.dataset.does;
    if (!does || event.target.closest("[aria-disabled=true]")) return;
    if (others[does]) others[does]();
    else ACTS[does].run(editor.chain().focus()).run();
  });
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const here = buttons.indexOf(document.activeElement);
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape") return void editor.commands.focus();
    if (to === undefined || here < 0) return;
    event.preventDefault();
    const turned = event.key.startsWith("Arrow") && forward === "ArrowLeft" ? 2 * here - to : to;
    const next = buttons[(turned + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });

  return function draw(isSource, isTouched) {
    for (const button of buttons) {
      const { on, can } = ACTS[button.dataset.does];
      const isHere = button.dataset.does === "source" ? isSource : !isSource && isTouched && on && editor.isActive(...on);
      if (on || button.dataset.does === "source") button.setAttribute("aria-pressed", String(Boolean(isHere)));
      const isOff = button.dataset.does !== "source" && (isSource || !editor.isEditable || (can && !can(editor.can())));
      button.setAttribute("aria-disabled", String(Boolean(isOff)));
    }
  };
}
