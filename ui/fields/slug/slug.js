// An address follows the field it is made from until somebody writes their own, and says when a known one changes.
import { changed, enhance } from "../enhance.js";

/** As near as a browser comes to what the engine makes of it, which has the last word. */
function slugOf(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  return bare.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 100);
}

enhance("[data-slug]", (input) => {
  const before = input.value;
  const source = input.form?.elements[input.name.replace(/[^.]+$/, input.dataset.from ?? "")];
  const note = Object.assign(document.createElement("p"), { className: "field-note", hidden: true, textContent: input.dataset.words });
  note.setAttribute("role", "status");
  let isOwn = before !== "";

  source?.addEventListener("input", () => {
    if (isOwn) return;
    const isLatin = /^[\p{Script=Latin}\p{N}\p{P}\p{S}\p{Z}\p{M}]*$/u.test(source.value);
    input.value = isLatin ? slugOf(source.value) : "";
    changed(input);
    isOwn = false;
  });
  input.addEventListener("input", () => {
    isOwn = input.value !== "";
    note.hidden = input.value === before;
  });
  if (input.dataset.published !== undefined) (input.closest(".control-group") ?? input).after(note);
});
