// Records found by typing: what is chosen stands before the input as a chip that can be unticked.
import { changed, enhance } from "../enhance.js";
import { combobox, suggestions } from "./combobox.js";

enhance("[data-relation]", (picker) => {
  const { relation: name, search, multiple } = picker.dataset;
  const input = picker.querySelector("input.control");
  const template = picker.querySelector("template");
  const chosen = () => [...picker.querySelectorAll(":scope > .picker-chip input")];
  input.removeAttribute("name");

  function remove(chip) {
    const title = chip.nextElementSibling;
    if (title?.name?.startsWith(`${name}.title.`)) title.remove();
    chip.remove();
  }

  function add(one) {
    if (multiple === undefined) chosen().forEach((box) => remove(box.parentNode));
    const parts = template.content.cloneNode(true);
    const box = parts.querySelector("[type=checkbox]");
    box.value = one.id;
    box.checked = true;
    box.nextElementSibling.textContent = one.title;
    Object.assign(parts.querySelector("[type=hidden]"), { name: `${name}.title.${one.id}`, value: one.title });
    template.before(parts);
    changed(box);
  }

  combobox(input, {
    words: { none: picker.dataset.wordsNone, found: picker.dataset.wordsFound, failed: picker.dataset.wordsFailed },
    first: true,
    find: async (query) => {
      const held = new Set(chosen().map((box) => box.value));
      return (await suggestions(search, query)).filter((one) => !held.has(String(one.id)));
    },
    choose: add,
  });

  picker.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox" || event.target.checked) return;
    remove(event.target.parentNode);
    input.focus();
    changed(input);
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && !input.value) chosen().at(-1)?.focus();
  });
});
