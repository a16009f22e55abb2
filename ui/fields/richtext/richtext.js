// The editor of rich text. The textarea under it stays what the form sends, and is all there is without scripts.
import { Editor } from "@tiptap/core";
import { changed, enhance } from "../enhance.js";
import { choose } from "../image/picker.js";
import { htmlOf, inert, isKept, written } from "./html.js";
import { linkLine } from "./links.js";
import { pasted } from "./paste.js";
import { extensions } from "./schema.js";
import { toolbar } from "./toolbar.js";

enhance("[data-richtext]", (field) => {
  const area = field.querySelector("textarea");
  const bar = field.querySelector(".richtext-bar");
  const note = field.querySelector(".richtext-note");
  const label = document.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  const place = document.createElement("div");
  field.querySelector(".richtext-ahead").replaceWith(place);
  field.setAttribute("data-alive", "");
  let isSource = false;
  let isTouched = false;

  const editor = new Editor({
    element: place,
    extensions,
    injectCSS: false,
    editable: !area.disabled,
    enableInputRules: true,
    content: inert(htmlOf(area.value)),
    editorProps: {
      attributes: attributesOf(area, label),
      transformPastedHTML: pasted,
      handleKeyDown: (view, event) => shortcut(event),
    },
    onUpdate: () => keep(),
    onFocus: () => {
      isTouched = true;
      draw(isSource, isTouched);
    },
    onTransaction: () => draw(isSource, isTouched),
  });
  const openLink = linkLine(field.querySelector(".richtext-link"), editor);
  const draw = toolbar(bar, editor, { link: openLink, image: insertImage, source: turn });

  /** Ctrl-K would open the palette, and Alt-F10 leads to the toolbar, as in every editor. */
  function shortcut(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") openLink();
    else if (event.altKey && event.key === "F10") bar.querySelector("[tabindex='0']").focus();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  function keep() {
    area.value = written(editor.state.doc, editor.schema);
    place.firstElementChild.toggleAttribute("data-empty", editor.isEmpty);
    changed(area);
  }

  function insertImage() {
    const from = bar.querySelector("[data-does=image]");
    choose({ kind: "image", from }, ({ url, alt }) => editor.chain().focus().setImage({ src: url, alt: alt ?? "" }).run());
  }

  /** Shows the HTML instead of the text, or the text again where the editor can show all of it. */
  function turn() {
    if (isSource) {
      const html = htmlOf(area.value);
      if (!isKept(html, editor.schema)) return void told(true);
      editor.commands.setContent(inert(html), { emitUpdate: false });
    } else if (editor.isEditable) {
      area.value = written(editor.state.doc, editor.schema);
    }
    told(false);
    set(!isSource);
    return isSource ? area.focus() : editor.commands.focus();
  }

  function told(isLost) {
    note.textContent = isLost ? note.dataset.words : "";
    note.hidden = !isLost;
  }

  /** The field's id belongs to what is seen, so that links to it and its label lead there. */
  function set(source) {
    isSource = source;
    const { id } = area.id ? area : place.firstElementChild;
    const [seen, other] = source ? [area, place.firstElementChild] : [place.firstElementChild, area];
    other.removeAttribute("id");
    seen.id = id;
    area.hidden = !source;
    place.hidden = source;
    draw(source, isTouched);
  }

  const mustStay = !isKept(htmlOf(area.value), editor.schema);
  place.firstElementChild.toggleAttribute("data-empty", editor.isEmpty);
  label?.addEventListener("click", () => isSource || editor.commands.focus());
  set(mustStay);
  told(mustStay);
});

function attributesOf(area, label) {
  const named = ["aria-describedby", "aria-invalid", "aria-required"].filter((name) => area.hasAttribute(name));
  return {
    class: "control control-area prose richtext-text",
    role: "textbox",
    "aria-multiline": "true",
    ...(label && { "aria-labelledby": label.id }),
    ...(area.required && { "aria-required": "true" }),
    ...(area.placeholder && { "data-placeholder": area.placeholder }),
    ...Object.fromEntries(named.map((name) => [name, area.getAttribute(name)])),
  };
}
