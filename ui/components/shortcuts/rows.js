// Moving through the rows of the page's lists by keys: the row's link has the focus, so that Enter opens it.
let last = 0;

const rows = () => [...document.querySelectorAll("main .table-row")].filter((row) => row.checkVisibility());
const handle = (row) => row.querySelector(".table-link") ?? row.querySelector("a, button, input");

export function move(step) {
  const all = rows().filter(handle);
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  // A list that was drawn anew goes on where the focus was.
  const from = at >= 0 ? at : last - step;
  last = Math.min(Math.max(from + step, 0), all.length - 1);
  handle(all[last]).focus({ focusVisible: true });
}

export function select() {
  const row = document.activeElement?.closest("main .table-row");
  row?.querySelector('.table-select input[type="checkbox"]')?.click();
}
