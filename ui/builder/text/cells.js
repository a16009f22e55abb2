// The cells of a table on the page: rows and columns come and go, and what a spreadsheet copied is taken apart.
import { MOST, tidy } from "../../fields/richtext/grids.js";
import { parsed } from "../../fields/richtext/html.js";

/** Returns where a cell stands: { row, column }, from its element. */
export function placeOf(element) {
  const [row, column] = element.dataset.cell.split(" ").map(Number);
  return { row, column };
}

export function cellIn(block, { row, column }) {
  return block?.querySelector(`[data-cell="${row} ${column}"]`);
}

export function widthOf(cells) {
  return Math.max(0, ...cells.map((row) => row.length));
}

export function withWords(cells, { row, column }, words) {
  return cells.map((one, at) => (at === row ? one.map((cell, place) => (place === column ? words : cell)) : one));
}

/** Each returns { cells, at }: the table after it, and the cell to go on in; null where it cannot be. */
export const CHANGES = {
  "row-before": (cells, at) => rowAt(cells, at.row, at),
  "row-after": (cells, at) => rowAt(cells, at.row + 1, at),
  "column-before": (cells, at) => columnAt(cells, at.column, at),
  "column-after": (cells, at) => columnAt(cells, at.column + 1, at),
  "row-gone": (cells, { row, column }) =>
    cells.length > 1 ? { cells: cells.toSpliced(row, 1), at: { row: Math.min(row, cells.length - 2), column } } : null,
  "column-gone": (cells, { row, column }) =>
    widthOf(cells) > 1
      ? { cells: cells.map((one) => one.toSpliced(column, 1)), at: { row, column: Math.min(column, widthOf(cells) - 2) } }
      : null,
};

function rowAt(cells, row, { column }) {
  if (cells.length >= MOST.rows) return null;
  return { cells: cells.toSpliced(row, 0, Array(widthOf(cells)).fill("")), at: { row, column } };
}

function columnAt(cells, column, { row }) {
  if (widthOf(cells) >= MOST.columns) return null;
  return { cells: cells.map((one) => one.toSpliced(column, 0, "")), at: { row, column } };
}

/** Puts a grid of words over the cells from one on; the table grows where it is too small.
    Returns { cells, at, isCut }; isCut: where not all of it had room. */
export function filled(cells, { row, column }, grid) {
  const rows = Math.min(MOST.rows, Math.max(cells.length, row + grid.length));
  const columns = Math.min(MOST.columns, Math.max(widthOf(cells), column + widthOf(grid)));
  const made = Array.from({ length: rows }, (_row, y) =>
    Array.from({ length: columns }, (_column, x) => grid[y - row]?.[x - column] ?? cells[y]?.[x] ?? ""),
  );
  const at = { row: Math.min(rows, row + grid.length) - 1, column: Math.min(columns, column + widthOf(grid)) - 1 };
  return { cells: made, at, isCut: row + grid.length > rows || column + widthOf(grid) > columns };
}

/** Returns the rows that a spreadsheet, or a page's table, put on the clipboard; null where it is no grid. */
export function gridOf(data) {
  const table = parsed(data.getData("text/html")).querySelector("table");
  const rows = table ? [...table.rows].map((row) => [...row.cells].map((cell) => tidy(cell.textContent))) : apart(data.getData("text/plain"));
  const grid = rows.filter((row) => row.length);
  return grid.length > 1 || grid[0]?.length > 1 ? grid : null;
}

/** Takes apart rows of words with tabs between; words in quotes may hold breaks and tabs, as spreadsheets write them. */
function apart(text) {
  if (!text.includes("\t")) return [];
  const rows = [[]];
  const cell = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r\n|\n|\r|$)/g;
  for (const [, words, end] of text.replace(/(\r\n|\n|\r)$/, "").matchAll(cell)) {
    const isQuoted = words.length > 1 && words.startsWith('"') && words.endsWith('"');
    rows.at(-1).push(tidy(isQuoted ? words.slice(1, -1).replaceAll('""', '"') : words));
    if (end === "") break;
    if (end !== "\t") rows.push([]);
  }
  return rows;
}

/** Draws a table anew as ui/blocks/table.html does, until the server's own comes. */
export function drawCells(table, { cells, hasHeaderRow, hasHeaderColumn }) {
  const doc = table.ownerDocument;
  table.querySelectorAll("thead, tbody").forEach((part) => part.remove());
  const parts = { head: doc.createElement("thead"), body: doc.createElement("tbody") };
  cells.forEach((words, row) => {
    const isHead = hasHeaderRow && row === 0;
    const line = doc.createElement("tr");
    words.forEach((text, column) => {
      const isHeading = isHead || (hasHeaderColumn && column === 0);
      const cell = doc.createElement(isHeading ? "th" : "td");
      if (isHeading) cell.scope = isHead ? "col" : "row";
      Object.assign(cell.dataset, { edit: "cells", editAs: "cell", cell: `${row} ${column}` });
      cell.textContent = text;
      line.append(cell);
    });
    (isHead ? parts.head : parts.body).append(line);
  });
  table.append(...(hasHeaderRow ? [parts.head] : []), parts.body);
}
