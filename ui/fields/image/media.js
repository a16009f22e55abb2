// Pictures and files come from the media library: its picker opens in a dialog and tells what was chosen.
import { changed, enhance } from "../enhance.js";
import { choose, describe } from "./picker.js";

enhance("[data-media]", (field) => {
  const { kind, multiple } = field.dataset;
  const list = field.querySelector(":scope > .media-chosen");
  const template = field.querySelector(":scope > template");
  const button = field.querySelector("[data-chooses]");
  field.querySelector(":scope > input[type=file]")?.remove();

  function add({ id, url = "", alt = "", name = "" }) {
    const one = template.content.firstElementChild.cloneNode(true);
    const chosen = field.dataset.media;
    one.querySelector(`[name="${CSS.escape(chosen)}"]`).value = id;
    for (const part of one.querySelectorAll("[data-part]")) {
      part.name = `${chosen}.${part.dataset.part}.${id}`;
      part.value = { url, alt, name }[part.dataset.part];
    }
    one.querySelector("[type=checkbox]").value = id;
    one.querySelector(".media-name").textContent = alt || name;
    if (url && kind === "image") {
      const picture = Object.assign(new Image(80, 80), { src: url, alt });
      one.querySelector(".thumbnail").replaceChildren(picture);
    }
    if (multiple === undefined) list.replaceChildren();
    list.append(one);
    words();
    changed(field);
  }

  function words() {
    const { wordsReplace, wordsChoose } = field.dataset;
    button.querySelector("span").textContent = list.children.length && multiple === undefined ? wordsReplace : wordsChoose;
  }

  button?.addEventListener("click", () =>
    choose({ kind: kind === "image" ? "image" : "", from: button }, (one) => {
      add(one);
      button.focus();
    }),
  );
  list.addEventListener("click", (event) => {
    const from = event.target.closest("[data-describes]");
    if (!from) return;
    const one = from.closest(".media-one");
    const { value: id } = one.querySelector(`[name="${CSS.escape(field.dataset.media)}"]`);
    describe({ id, from }, ({ alt, name }) => {
      one.querySelector("[data-part=alt]").value = alt;
      one.querySelector(".media-name").textContent = alt || name;
      field.dispatchEvent(new CustomEvent("media:described", { bubbles: true, detail: { id } }));
      from.focus();
    });
  });
  list.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    event.target.closest(".media-one").remove();
    words();
    button.focus();
    changed(field);
  });
});
