// The stage that the page stands on: three widths, made smaller where the window has less room, and panels that fold.
const WIDTHS = { desktop: 1280, tablet: 768, phone: 390 };
/** A desktop page is never drawn narrower than this: below, it would be a tablet's. */
const LEAST = 1024;

export class Stage {
  constructor(editor, { stage, frame, root, switches }) {
    Object.assign(this, { editor, stage, frame, root, switches });
    this.width = matchMedia("(max-width: 48rem)").matches ? "phone" : "desktop";
    switches.addEventListener("click", (event) => {
      const width = event.target.closest("[data-width]")?.dataset.width;
      if (width) this.show(width);
    });
    new ResizeObserver(() => this.fit()).observe(stage);
    editor.on("fold", () => this.fold());
    editor.on("canvas", () => this.fit());
    editor.on("added", () => this.sheet(""));
    editor.on("sheet", ({ name }) => this.sheet(name));
    root.addEventListener("click", (event) => this.#clicked(event));
    for (const tab of root.querySelectorAll("[role=tab]")) tab.addEventListener("keydown", (event) => this.#tabKey(event));
    this.show(this.width);
  }

  show(width) {
    this.width = width;
    for (const button of this.switches.querySelectorAll("[data-width]")) {
      button.setAttribute("aria-pressed", String(button.dataset.width === width));
    }
    this.fit();
  }

  fit() {
    const room = this.stage.clientWidth;
    const height = this.stage.clientHeight;
    if (!room) return;
    const wanted = this.width === "desktop" ? Math.max(LEAST, room) : WIDTHS[this.width];
    const scale = Math.min(1, room / wanted);
    this.frame.style.width = `${wanted}px`;
    this.frame.style.height = `${height / scale}px`;
    this.frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    this.frame.style.marginInlineStart = `${Math.max(0, (room - wanted * scale) / 2)}px`;
    this.frame.toggleAttribute("data-framed", wanted * scale < room);
    this.scale = scale;
    this.frame.contentDocument?.documentElement?.style.setProperty("--studio-unit", String(1 / scale));
  }

  /** Folds both panels away, or brings them back. */
  fold() {
    this.root.toggleAttribute("data-folded");
  }

  tab(name) {
    for (const tab of this.root.querySelectorAll("[role=tab]")) {
      const is = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(is));
      tab.tabIndex = is ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !is;
    }
  }

  /** Opens a panel as a sheet, where there is no room for it beside the page; none closes it. */
  sheet(name) {
    if (name === "blocks" || name === "add") this.tab(name);
    this.root.dataset.sheet = name === "blocks" || name === "add" ? "start" : name === "settings" ? "end" : "";
    this.root.dataset.opened = name ?? "";
    for (const button of this.root.querySelectorAll("[data-sheet-of]")) {
      button.setAttribute("aria-expanded", String(button.dataset.sheetOf === name));
    }
  }

  #clicked(event) {
    const tab = event.target.closest("[role=tab]");
    if (tab) this.tab(tab.dataset.tab);
    const opener = event.target.closest("[data-sheet-of]");
    if (opener) this.sheet(this.root.dataset.opened === opener.dataset.sheetOf ? "" : opener.dataset.sheetOf);
    if (event.target.closest("[data-closes-sheet]")) this.sheet("");
    if (event.target.closest("[data-folds]")) this.fold();
  }

  #tabKey(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const tabs = [...this.root.querySelectorAll("[role=tab]")];
    const next = tabs[(tabs.indexOf(event.target) + 1) % tabs.length];
    this.tab(next.dataset.tab);
    next.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}
