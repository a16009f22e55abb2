// Items of a menu moved by hand: up and down to another line, to the side into or out of another item.
import Sortable from "sortablejs/modular/sortable.core.esm.js";
import { changed, enhance, say } from "../../fields/enhance.js";

const STEP = 32;
const DEEPEST = 2;
let pressed = "";
const depthOf = (item) => Number(item.dataset.depth);

function put(item, depth) {
  item.dataset.depth = depth;
  item.querySelector("input[name^='depth.']").value = depth;
}

function below(item) {
  const found = [];
  for (let next = item.nextElementSibling; next && depthOf(next) > depthOf(item); next = next.nextElementSibling) found.push(next);
  return found;
}

enhance("[data-menu-items]", (set) => {
  const list = set.querySelector(".menu-items-list");
  const status = document.getElementById("menu-said");
  const said = set.querySelector("[data-said]");
  if (status && said?.textContent) status.textContent = said.textContent;
  if (pressed && !set.querySelector("[autofocus]")) (document.getElementById(pressed) ?? document.getElementById("act-add")).focus();
  pressed = "";
  set.addEventListener("click", (event) => (pressed = event.target.closest("button[name=act]")?.id ?? ""));
  let carried = [];
  let start = 0;
  let end = 0;
  const follow = (event) => (end = event.clientX ?? event.touches?.[0]?.clientX ?? end);

  function dropped({ item }) {
    document.removeEventListener("pointermove", follow);
    document.removeEventListener("dragover", follow);
    for (const one of carried) one.classList.remove("menu-items-carried");
    const own = depthOf(item);
    const rtl = getComputedStyle(list).direction === "rtl" ? -1 : 1;
    const before = item.previousElementSibling;
    const tallest = Math.max(0, ...carried.map((one) => depthOf(one) - own));
    const most = Math.min(before ? depthOf(before) + 1 : 0, DEEPEST - tallest);
    const depth = Math.max(0, Math.min(own + Math.round(((end - start) * rtl) / STEP), most));
    for (const one of carried) put(one, depthOf(one) + depth - own);
    put(item, depth);
    item.after(...carried);
    const lines = [...list.children];
    // What stood below the item's old place may hang in the air now.
    lines.forEach((one, at) => put(one, Math.min(depthOf(one), at ? depthOf(lines[at - 1]) + 1 : 0)));
    if (status) status.textContent = say(set.dataset.wordsMoved, { n: lines.indexOf(item) + 1, count: lines.length, level: depthOf(item) + 1 });
    changed(list);
  }

  Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    ghostClass: "menu-items-moving",
    forceFallback: true,
    onStart: ({ item, originalEvent }) => {
      start = end = originalEvent?.clientX ?? originalEvent?.touches?.[0]?.clientX ?? 0;
      carried = below(item);
      for (const one of carried) one.classList.add("menu-items-carried");
      document.addEventListener("pointermove", follow);
      document.addEventListener("dragover", follow);
    },
    onEnd: dropped,
  });
});
