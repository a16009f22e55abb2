// Rich text, typed where it stands: headings, lists, links. The builder uses it on the page, the writing mode as its sheet.
import { Editor } from "@tiptap/core";
import { htmlOf, inert, isKept, written } from "../../fields/richtext/html.js";
import { pasted } from "../../fields/richtext/paste.js";
import { extensions } from "../../fields/richtext/schema.js";

/** Whether the editor shows all of this HTML: a text with tables, say, is written in the panel. */
export function canWrite(html) {
  probe ??= new Editor({ element: null, extensions, injectCSS: false });
  return isKept(htmlOf(html), probe.schema);
}

let probe;

/** Makes an element the editor of HTML. hear: { changed(html), key(event, editor), ended(), drawn(editor) }.
    A key that hear.key takes (returns true) is not the editor's. */
export function writeRich(element, { html, hear, placeholder = "" }) {
  const editor = new Editor({
    element: { mount: element },
    extensions,
    injectCSS: false,
    content: inert(htmlOf(html)),
    editorProps: {
      attributes: { class: element.className, ...(placeholder && { "data-placeholder": placeholder }) },
      transformPastedHTML: pasted,
      handleKeyDown: (view, event) => Boolean(hear.key(event, editor)),
      handleDOMEvents: { paste: (view, event) => void event.stopPropagation() },
    },
    onUpdate: () => hear.changed(written(editor.state.doc, editor.schema)),
    onTransaction: () => {
      element.toggleAttribute("data-empty", editor.isEmpty);
      hear.drawn?.(editor);
    },
    onBlur: ({ event }) => hear.ended(event),
  });
  element.toggleAttribute("data-empty", editor.isEmpty);

  return {
    element,
    editor,
    html: () => written(editor.state.doc, editor.schema),
    set(words) {
      editor.commands.setContent(inert(htmlOf(words)), { emitUpdate: false });
    },
    focus(at) {
      if (at === "point") editor.view.focus();
      else editor.commands.focus(at ?? null);
    },
    end() {
      const left = written(editor.state.doc, editor.schema);
      const named = [...element.attributes].map(({ name, value }) => [name, value]);
      editor.destroy();
      element.innerHTML = inert(left);
      for (const [name, value] of named) if (!element.hasAttribute(name) && kept(name)) element.setAttribute(name, value);
      for (const name of ["contenteditable", "translate", "tabindex", "role", "data-empty"]) element.removeAttribute(name);
      element.classList.remove("ProseMirror", "tiptap", "ProseMirror-focused");
    },
  };
}

function kept(name) {
  return name.startsWith("data-") && name !== "data-empty";
}

/** Whether the caret stands at the very start of the text, with nothing selected. */
export function isAtStart({ state }) {
  const { empty, $from } = state.selection;
  return empty && $from.pos === 1 + ($from.depth > 1 ? $from.depth - 1 : 0) && $from.parentOffset === 0;
}

/** Whether the caret stands in an empty paragraph that stands in nothing else. */
export function isInEmptyLine({ state }) {
  const { empty, $from } = state.selection;
  return empty && $from.depth === 1 && $from.parent.type.name === "paragraph" && !$from.parent.content.size;
}

/** Whether an arrow key would leave the text. */
export function leaves({ state, view }, key) {
  const { empty, $from } = state.selection;
  if (!empty) return false;
  if (key === "ArrowUp") return $from.index(0) === 0 && view.endOfTextblock("up");
  if (key === "ArrowDown") return $from.index(0) === state.doc.childCount - 1 && view.endOfTextblock("down");
  return false;
}
