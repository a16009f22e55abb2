// Items of a menu moved by hand: up and down to another line, to the side into or out of another item.
import Sortable from "sortablejs/modular/sortable.core.esm.js";
import { changed, enhance, say } from "../../fields/enhance.js";
import { below, depthOf, settle } from "./depths.js";

const STEP = 32;
let pressed = "";

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
  const at = (event) => event?.clientX ?? event?.touches?.[0]?.clientX;
  const follow = (event) => (end = at(event) ?? end);

  Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    ghostClass: "menu-items-moving",
    forceFallback: true,
    onStart: ({ item, originalEvent }) => {
      start = end = at(originalEvent) ?? 0;
      carried = below(item);
      for (const one of carried) one.classList.add("menu-items-carried");
      document.addEventListener("pointermove", follow);
    },
    onEnd: ({ item }) => {
      document.removeEventListener("pointermove", follow);
      for (const one of carried) one.classList.remove("menu-items-carried");
      const towards = getComputedStyle(list).direction === "rtl" ? -1 : 1;
      settle(list, item, carried, Math.round(((end - start) * towards) / STEP));
      const lines = [...list.children];
      if (status) status.textContent = say(set.dataset.wordsMoved, { n: lines.indexOf(item) + 1, count: lines.length, level: depthOf(item) + 1 });
      changed(list);
    },
  });
});
