// Selects all rows at once, counts them, and selects a range with Shift.
const boxes = (table) => [...table.querySelectorAll('tbody .table-select input[type="checkbox"]')];
let last = null;

function count(table) {
  const all = boxes(table);
  const chosen = all.filter((box) => box.checked).length;
  const head = table.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen > 0 && chosen === all.length;
    head.indeterminate = chosen > 0 && chosen < all.length;
  }
  const scope = table.closest("form, .card") ?? document;
  for (const output of scope.querySelectorAll("[data-selected-count]")) output.textContent = chosen;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest('.table-select input[type="checkbox"]');
  const table = box?.closest("table");
  if (!table) return;
  const all = boxes(table);
  if (box.matches("[data-select-all]")) {
    for (const each of all) each.checked = box.checked;
  } else if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
  count(table);
});

document.addEventListener("htmx:afterSettle", () => {
  for (const table of document.querySelectorAll("table.table")) count(table);
});
