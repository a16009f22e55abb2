// How deep items of a menu stand, as their lines say it.
const DEEPEST = 2;

/** Returns how deep an item stands: 0 at the top. */
export const depthOf = (item) => Number(item.dataset.depth);

/** Returns the lines of what stands below an item. */
export function below(item) {
  const found = [];
  for (let next = item.nextElementSibling; next && depthOf(next) > depthOf(item); next = next.nextElementSibling) found.push(next);
  return found;
}

function put(item, depth) {
  item.dataset.depth = depth;
  item.querySelector("input[name^='depth.']").value = depth;
}

/** Puts an item that was dropped so many steps deeper, as far as there is something to stand below; what it carries follows. */
export function settle(list, item, carried, steps) {
  const own = depthOf(item);
  const before = carried.includes(item.previousElementSibling) ? null : item.previousElementSibling;
  const tallest = Math.max(0, ...carried.map((one) => depthOf(one) - own));
  const most = Math.min(before ? depthOf(before) + 1 : 0, DEEPEST - tallest);
  const depth = Math.max(0, Math.min(own + steps, most));
  for (const one of carried) put(one, depthOf(one) + depth - own);
  put(item, depth);
  item.after(...carried);
  // What stood below the item's old place may hang in the air now.
  const lines = [...list.children];
  lines.forEach((one, at) => put(one, Math.min(depthOf(one), at ? depthOf(lines[at - 1]) + 1 : 0)));
}
