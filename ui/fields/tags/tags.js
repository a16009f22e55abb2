// Words become chips with a comma or Enter. The line with commas between stays what the form sends.
import { changed, enhance } from "../enhance.js";
import { combobox, suggestions } from "../relation/combobox.js";

const COMMA = /(?<!\\)[,;\n，、،]/;

function wordsOf(text) {
  return text.split(COMMA).map((word) => word.replaceAll("\\,", ",").replace(/\s+/g, " ").trim()).filter(Boolean);
}

enhance("[data-tags]", (picker) => {
  const source = picker.querySelector("input[name]");
  const typing = source.cloneNode();
  const template = picker.querySelector("template");
  const { search, wordsFailed, wordsFound } = picker.dataset;
  const words = () => [...picker.querySelectorAll(":scope > .picker-chip")].map((chip) => chip.textContent.trim());
  for (const name of ["name", "value"]) typing.removeAttribute(name);
  source.removeAttribute("id");
  source.type = "hidden";
  source.after(typing);

  function keep() {
    source.value = words().map((word) => word.replaceAll(",", "\\,")).join(", ");
    changed(source);
  }

  function draw(text) {
    const known = new Set(words().map((word) => word.toLocaleLowerCase()));
    for (const word of wordsOf(text)) {
      if (known.has(word.toLocaleLowerCase())) continue;
      known.add(word.toLocaleLowerCase());
      const chip = template.content.firstElementChild.cloneNode(true);
      chip.querySelector("span").textContent = word;
      source.before(chip);
    }
  }

  function add(text) {
    draw(text);
    typing.value = "";
    keep();
  }

  draw(source.value);
  if (search) {
    combobox(typing, {
      words: { none: "", found: wordsFound, failed: wordsFailed },
      find: async (query) => {
        const held = new Set(words().map((word) => word.toLocaleLowerCase()));
        return (await suggestions(search, query)).filter((one) => !held.has(one.title.toLocaleLowerCase()));
      },
      choose: (one) => add(one.title.replaceAll(",", "\\,")),
    });
  }

  typing.addEventListener("input", () => COMMA.test(typing.value) && add(typing.value));
  typing.addEventListener("blur", () => typing.value.trim() && add(typing.value));
  typing.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && !typing.value) picker.querySelector(":scope > .picker-chip:last-of-type input")?.focus();
    if (event.key !== "Enter" || event.isComposing || !typing.value.trim()) return;
    event.preventDefault();
    add(typing.value);
  });
  picker.addEventListener("change", (event) => {
    if (event.target.type !== "checkbox") return;
    event.target.closest(".picker-chip").remove();
    typing.focus();
    keep();
  });
});
