// The bar that floats over selected words.
import { addressOf } from "../../fields/richtext/schema.js";
import { icon, made, word } from "./words.js";

const TOOLS = [
  ["bold", "bold", (chain) => chain.toggleBold(), ["bold"]],
  ["italic", "italic", (chain) => chain.toggleItalic(), ["italic"]],
  ["strike", "strikethrough", (chain) => chain.toggleStrike(), ["strike"]],
  ["code", "code", (chain) => chain.toggleCode(), ["code"]],
  ["heading", "heading-2", (chain) => chain.toggleHeading({ level: 2 }), ["heading", { level: 2 }]],
  ["subheading", "heading-3", (chain) => chain.toggleHeading({ level: 3 }), ["heading", { level: 3 }]],
  ["quote", "quote", (chain) => chain.toggleBlockquote(), ["blockquote"]],
];

export function floatingBar(editor, place) {
  const buttons = TOOLS.map(([name, glyph, run]) =>
    made("button", { class: "float-tool", type: "button", title: word(name), "aria-label": word(name), onclick: () => run(editor.chain().focus()).run() }, icon(glyph)),
  );
  const address = made("input", { class: "control", placeholder: "https://", "aria-label": word("address"), inputmode: "url", hidden: true });
  const link = made("button", { class: "float-tool", type: "button", title: word("link"), "aria-label": word("link"), onclick: () => ask() }, icon("link"));
  const bar = made("div", { class: "float-bar", role: "toolbar", "aria-label": word("formatting"), hidden: true }, ...buttons, link, address);
  bar.addEventListener("pointerdown", (event) => event.target !== address && event.preventDefault());
  place.append(bar);

  function ask() {
    address.hidden = !address.hidden;
    address.value = editor.getAttributes("link").href ?? "";
    if (!address.hidden) address.focus();
  }

  address.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") address.hidden = true;
    if (event.key !== "Enter") return;
    event.preventDefault();
    const href = addressOf(address.value);
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!address.value.trim()) chain.unsetLink().run();
    else if (href) chain.setLink({ href }).run();
    else return void address.setAttribute("aria-invalid", "true");
    address.removeAttribute("aria-invalid");
    address.hidden = true;
  });

  return {
    ask() {
      bar.hidden = false;
      ask();
    },
    update() {
      const { from, to, empty, node } = editor.state.selection;
      const isHere = !empty && !node && (editor.isFocused || bar.contains(document.activeElement));
      bar.hidden = !isHere;
      if (!isHere) return void (address.hidden = true);
      const [start, end] = [editor.view.coordsAtPos(from), editor.view.coordsAtPos(to)];
      const box = place.getBoundingClientRect();
      bar.style.insetBlockStart = `${Math.max(start.top - box.top - 48, -48)}px`;
      const middle = (start.left + Math.min(end.left, box.right)) / 2 - box.left;
      bar.style.insetInlineStart = `${Math.min(Math.max(middle - bar.offsetWidth / 2, 0), Math.max(box.width - bar.offsetWidth, 0))}px`;
      buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(editor.isActive(...TOOLS[index][3]))));
      link.setAttribute("aria-pressed", String(editor.isActive("link")));
    },
  };
}
