// Pictures are chosen from the library, and moved by hand or by key; their order is the order in which the form sends them.
import Sortable from "sortablejs/modular/sortable.core.esm.js";
import { changed, enhance, say } from "../../fields/enhance.js";
import { choose } from "../../fields/image/picker.js";

enhance("[data-pictures]", (field) => {
  const list = field.querySelector(":scope > .pictures-list");
  const template = field.querySelector(":scope > template");
  const button = field.querySelector("[data-chooses]");
  const status = field.querySelector("[role=status]");
  if (!button) return;
  for (const place of field.querySelectorAll(".pictures-place")) place.remove();

  function add({ id, url = "", alt = "" }) {
    const key = `new-${id}`;
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__key__", key).replaceAll("__media__", id);
    const one = holder.content.firstElementChild;
    one.querySelector(".pictures-place")?.remove();
    one.querySelector(".control").value = alt;
    if (url) one.querySelector(".thumbnail").replaceChildren(Object.assign(new Image(80, 80), { src: url, alt: "" }));
    list.append(one);
    changed(field);
  }

  function moved(one) {
    const all = [...list.children];
    status.textContent = say(field.dataset.wordsMoved, { n: all.indexOf(one) + 1, count: all.length });
    changed(field);
  }

  button.addEventListener("click", () =>
    choose({ kind: "image", from: button }, (one) => {
      add(one);
      button.focus();
    }),
  );
  list.addEventListener("click", (event) => {
    const mover = event.target.closest("[data-moves]");
    const one = mover?.closest("[data-picture]");
    const other = mover?.dataset.moves < 0 ? one?.previousElementSibling : one?.nextElementSibling;
    if (!one || !other) return;
    if (mover.dataset.moves < 0) other.before(one);
    else other.after(one);
    mover.focus();
    moved(one);
  });
  Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    ghostClass: "pictures-one-moving",
    onUpdate: (event) => moved(event.item),
  });
});
