// Rows are added, removed, put back, and moved by hand or by key; their inputs are numbered anew after each.
import Sortable from "sortablejs/modular/sortable.core.esm.js";
import { changed, enhance, say } from "../enhance.js";

const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby", "data-rows", "data-relation", "data-media"];

enhance("[data-rows]", (set) => {
  const { slot, most, wordsRow, wordsMoved, wordsRemoved } = set.dataset;
  const list = set.querySelector(":scope > .nested-rows");
  const template = set.querySelector(":scope > template");
  if (!template) return;
  const [add, undo] = ["[data-adds]", "[data-undoes]"].map((one) => set.querySelector(`:scope > .nested-end ${one}`));
  const status = set.querySelector(":scope > .nested-end [role=status]");
  const rows = () => [...list.children];
  let removed = null;

  /** Renames everything in a row that bears its number; in two turns, so that no two rows share a name meanwhile. */
  function rename(row, to) {
    const [from, into] = [`${set.dataset.rows}.${row.dataset.row}.`, `${set.dataset.rows}.${to}.`];
    for (const element of within(row)) {
      for (const name of NUMBERED) {
        const value = element.getAttribute(name);
        if (value?.includes(from)) element.setAttribute(name, value.replaceAll(from, into));
      }
    }
    row.dataset.row = to;
  }

  function number() {
    rows().forEach((row, place) => rename(row, `to${place}`));
    rows().forEach((row, place) => {
      rename(row, place);
      row.querySelector(".nested-cells").setAttribute("aria-label", say(wordsRow, { n: place + 1 }));
    });
    add.hidden = most !== undefined && rows().length >= Number(most);
    changed(set);
  }

  add.addEventListener("click", () => {
    const place = `new${Date.now()}`;
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll(slot, place);
    const row = holder.content.firstElementChild;
    row.dataset.row = place;
    list.append(row);
    row.dispatchEvent(new CustomEvent("fields:added", { bubbles: true }));
    number();
    row.querySelector(".nested-cells :is(input:not([type=hidden]), select, textarea, button)")?.focus();
  });

  undo.addEventListener("click", () => {
    list.insertBefore(removed.row, list.children[removed.place] ?? null);
    undo.hidden = true;
    status.textContent = "";
    number();
    removed.row.querySelector("[data-removes]").focus();
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("[data-row]");
    if (row?.parentNode !== list) return;
    if ("removes" in button.dataset) {
      removed = { row, place: rows().indexOf(row) };
      row.remove();
      status.textContent = say(wordsRemoved, { n: removed.place + 1 });
      undo.hidden = false;
      number();
      undo.focus();
    } else if (button.dataset.moves) {
      const other = button.dataset.moves < 0 ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (button.dataset.moves < 0) other.before(row);
      else other.after(row);
      button.focus();
      moved(row);
    }
  });

  function moved(row) {
    number();
    status.textContent = say(wordsMoved, { n: rows().indexOf(row) + 1, count: rows().length });
  }

  for (const spare of list.querySelectorAll(":scope > [data-without-scripts]")) spare.remove();
  Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    ghostClass: "nested-row-moving",
    onUpdate: (event) => moved(event.item),
  });
});

/** Every element of a row, those in its templates too. */
function* within(root) {
  if (root instanceof Element) yield root;
  for (const child of root.children) yield* within(child);
  if (root instanceof HTMLTemplateElement) yield* within(root.content);
}
