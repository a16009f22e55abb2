// Tables of other programs as rows of words: what a table block holds, or paragraphs that can be read.

export const MOST = { rows: 200, columns: 20, signs: 1000 };
const LAYOUT = "table, ul, ol, h1, h2, h3, h4, h5, h6, img, pre, blockquote";

export function tidy(words) {
  return words.replace(/\s+/g, " ").trim().slice(0, MOST.signs);
}

/** Puts something in the place of each table that holds data; those that only hold a page in shape are left.
    instead(rows, table) returns elements; rows: lists of cells, with null where one reaches over from the left or above. */
export function replaceGrids(root, instead) {
  for (const table of [...root.querySelectorAll("table")]) {
    if (table.querySelector(LAYOUT)) continue;
    const rows = rowsOf(table);
    if (rows.length < 2 && !(rows[0]?.length > 1)) continue;
    table.replaceWith(...instead(rows, table));
  }
}

function rowsOf(table) {
  const found = [...table.rows].slice(0, MOST.rows).map(() => []);
  [...table.rows].slice(0, MOST.rows).forEach((row, y) => {
    let x = 0;
    for (const cell of row.cells) {
      while (found[y][x] !== undefined) x += 1;
      for (let down = 0; down < Math.max(1, cell.rowSpan) && y + down < found.length; down += 1) {
        for (let right = 0; right < Math.max(1, cell.colSpan) && x + right < MOST.columns; right += 1) {
          found[y + down][x + right] = down || right ? null : cell;
        }
      }
    }
  });
  return found.map((cells) => Array.from(cells, (cell) => cell ?? null)).filter((cells) => cells.some((cell) => cell?.textContent.trim()));
}

/** Returns the settings of a table block. */
export function gridSettings(rows) {
  const width = Math.max(...rows.map((cells) => cells.length));
  const cells = rows.map((row) => Array.from({ length: width }, (_one, at) => tidy(row[at]?.textContent ?? "")));
  return { cells, hasHeaderRow: rows.length > 1 && rows[0].every((cell) => !cell?.textContent.trim() || isHeading(cell)) };
}

function isHeading(cell) {
  if (cell.localName === "th") return true;
  const bold = [...cell.querySelectorAll("b, strong, [data-style]")].filter(
    (one) => one.localName !== "span" || /font-weight:\s*(bold|[6-9]00)/i.test(one.dataset.style ?? ""),
  );
  return bold.some((one) => one.textContent.trim() === cell.textContent.trim());
}

/** Returns a paragraph for each row, its cells apart. */
export function rowsAsText(rows, { ownerDocument: doc }) {
  return rows.map((cells) => {
    const paragraph = doc.createElement("p");
    const full = cells.filter((cell) => cell?.textContent.trim());
    full.forEach((cell, at) => {
      if (at) paragraph.append(" | ");
      for (const inner of [...cell.querySelectorAll("p, div")].reverse()) inner.replaceWith(...inner.childNodes, " ");
      paragraph.append(...cell.childNodes);
    });
    return paragraph;
  });
}
