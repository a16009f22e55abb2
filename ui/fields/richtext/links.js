// The line under the toolbar that asks where a link leads.
import { addressOf } from "./schema.js";

/** Returns what opens the line for the link under the cursor, or for the words that are selected. */
export function linkLine(line, editor) {
  const input = line.querySelector("input");
  const wrong = line.querySelector("[role=alert]");

  function close() {
    line.hidden = true;
    complain("");
  }

  function complain(words) {
    wrong.textContent = words;
    wrong.hidden = !words;
    input.toggleAttribute("aria-invalid", Boolean(words));
    if (words) input.setAttribute("aria-invalid", "true");
  }

  function link() {
    if (!input.value.trim()) return unlink();
    const href = addressOf(input.value);
    if (!href) return complain(input.dataset.wordsWrong);
    const chain = editor.chain().focus();
    const words = { type: "text", text: input.value.trim(), marks: [{ type: "link", attrs: { href } }] };
    if (editor.state.selection.empty && !editor.isActive("link")) chain.insertContent(words).run();
    else chain.extendMarkRange("link").setLink({ href }).run();
    return close();
  }

  function unlink() {
    editor.chain().focus().extendMarkRange("link").unsetLink().run();
    close();
  }

  line.querySelector("[data-links]").addEventListener("click", link);
  line.querySelector("[data-unlinks]").addEventListener("click", unlink);
  input.addEventListener("input", (event) => event.stopPropagation());
  line.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === input) link();
    else if (event.key === "Escape") {
      close();
      editor.commands.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return function open() {
    line.hidden = false;
    line.querySelector("[data-unlinks]").hidden = !editor.isActive("link");
    input.value = editor.getAttributes("link").href ?? "";
    input.focus();
    input.select();
  };
}
