// Counts the selected tiles, and selects a range with Shift.
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest(".media-tile-box");
  const grid = box?.closest(".media-grid");
  if (!grid) return;
  const boxes = [...grid.querySelectorAll(".media-tile-box")];
  if (event.shiftKey && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
    for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
  const chosen = boxes.filter((each) => each.checked).length;
  for (const output of grid.closest("form").querySelectorAll("[data-selected-count]")) output.textContent = chosen;
});
