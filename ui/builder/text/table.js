// Writing in a table on the page: Tab and arrows go from cell to cell, the menu over the page changes rows and columns.
import { CHANGES, cellIn, drawCells, filled, gridOf, placeOf, widthOf, withWords } from "./cells.js";
import { copyOf } from "../tree.js";

export class TableWriting {
  constructor(editor, canvas, writing, menu) {
    Object.assign(this, { editor, canvas, writing, menu });
    menu.addEventListener("pointerdown", (event) => event.preventDefault());
    menu.addEventListener("click", (event) => {
      const does = event.target.closest("[data-changes]")?.dataset.changes;
      if (!does) return;
      menu.querySelector("details")?.removeAttribute("open");
      this.change(does);
    });
    for (const name of ["writing", "written", "chosen", "changed"]) editor.on(name, () => this.#draw());
    this.#draw();
  }

  /** The table that is chosen, or written in. */
  get id() {
    const { chosen } = this.editor;
    return this.editor.book.table && this.editor.content.block(chosen)?.type === "table" ? chosen : null;
  }

  get settings() {
    const usual = this.editor.book.table.new.settings;
    return { ...usual, ...this.editor.content.block(this.id)?.settings };
  }

  /** The cell that is written in, or was; else the last of the table. */
  get at() {
    const { now } = this.writing;
    if (now?.kind === "cell" && now.id === this.id) this.last = { id: now.id, ...placeOf(now.element) };
    const { cells } = this.settings;
    const [rows, columns] = [cells.length - 1, widthOf(cells) - 1];
    const { row, column } = this.last?.id === this.id ? this.last : { row: rows, column: columns };
    return { row: Math.min(row, rows), column: Math.min(column, columns) };
  }

  #draw() {
    const { id } = this;
    this.menu.hidden = id === null;
    if (id === null) return;
    const { cells, hasHeaderRow } = this.settings;
    for (const button of this.menu.querySelectorAll("[data-changes]")) {
      const does = button.dataset.changes;
      if (does === "header") button.setAttribute("aria-pressed", String(hasHeaderRow));
      else button.disabled = !CHANGES[does](cells, this.at);
    }
  }

  change(does) {
    const { editor, id, settings } = this;
    if (id === null) return;
    if (does === "header") {
      const { hasHeaderRow } = settings;
      this.writing.end();
      editor.run([{ does: "set", id, path: ["settings", "hasHeaderRow"], before: editor.content.block(id).settings?.hasHeaderRow, after: !hasHeaderRow }]);
      return;
    }
    const found = CHANGES[does](settings.cells.length ? settings.cells : [[""]], this.at);
    if (found) this.put(found);
  }

  /** Changes the whole table, shows it at once, and goes on in a cell. */
  put({ cells, at }) {
    const { editor, canvas, writing, id } = this;
    const before = copyOf(editor.content.block(id).settings?.cells);
    writing.end();
    editor.run([{ does: "set", id, path: ["settings", "cells"], before, after: cells }], { quiet: true });
    const block = canvas.element(id);
    const table = block?.querySelector("table");
    if (!table) return canvas.again(id);
    drawCells(table, this.settings);
    canvas.frame.contentWindow.focus();
    writing.start(cellIn(block, at), "all");
    if (writing.now) writing.now.isChanged = true;
    else canvas.again(id);
  }

  /** What a key does in a cell; returns whether it did. */
  key(event) {
    const { key } = event;
    const { cells } = this.settings;
    const { row, column } = this.at;
    if (key === "Tab" || (key === "Enter" && !event.shiftKey)) {
      const step = event.shiftKey ? -1 : 1;
      if (key === "Enter") return this.#go({ row: row + 1, column }) || this.#grow();
      const place = row * widthOf(cells) + column + step;
      if (place < 0) return false;
      return this.#go({ row: Math.floor(place / widthOf(cells)), column: place % widthOf(cells) }) || this.#grow(0);
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const caret = this.writing.now.handle.caret();
    const isEnd = caret === this.writing.now.element.textContent.length;
    if (key === "ArrowUp") return this.#go({ row: row - 1, column }, "end");
    if (key === "ArrowDown") return this.#go({ row: row + 1, column }, "end");
    if (key === "ArrowLeft" && caret === 0) return this.#go({ row, column: column - 1 }, "end");
    if (key === "ArrowRight" && isEnd) return this.#go({ row, column: column + 1 }, "start");
    return false;
  }

  #go(at, caret = "all") {
    const cell = cellIn(this.canvas.element(this.id), at);
    if (cell) this.writing.start(cell, caret);
    return Boolean(cell);
  }

  /** Begins another row below the last. */
  #grow(column = this.at.column) {
    const found = CHANGES["row-after"](this.settings.cells, this.at);
    if (found) this.put({ cells: found.cells, at: { ...found.at, column } });
    return Boolean(found);
  }

  /** Takes what a spreadsheet copied into the cells from this one on; returns whether it was such. */
  paste(data) {
    const grid = gridOf(data);
    if (!grid) return false;
    const found = filled(this.settings.cells, this.at, grid);
    this.put(found);
    if (found.isCut) this.editor.notify(this.editor.say("table_cut"), "warning");
    return true;
  }

  /** Keeps the words of the cell that is written in. */
  keep({ id, element }, words) {
    const before = copyOf(this.editor.content.block(id)?.settings?.cells);
    const at = placeOf(element);
    const after = withWords(before ?? this.settings.cells, at, words);
    this.editor.run([{ does: "set", id, path: ["settings", "cells"], before, after }], { key: `cell:${id}:${at.row}:${at.column}`, quiet: true });
  }
}
