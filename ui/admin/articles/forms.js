// A small form for the settings of one piece, made from what the house says of its type.
import { choose } from "../../fields/image/picker.js";
import { made, word } from "./words.js";

/** Asks for a block's settings in a dialog; done is called with the block as it is then. */
export function editBlock(block, about, done) {
  const settings = { ...block.settings };
  const body = made("form", { class: "dialog-body piece-form", method: "dialog" });
  const dialog = made(
    "dialog",
    { class: "dialog", "aria-label": about.label },
    made("header", { class: "dialog-header" }, made("h2", { class: "dialog-title" }, about.label)),
    body,
  );
  for (const field of about.fields) body.append(fieldFor(field, settings));
  if (about.holds) body.append(made("p", { class: "note" }, word("builder")));
  body.append(made("div", { class: "dialog-actions" }, made("button", { class: "button button-primary" }, word("done"))));
  body.addEventListener("submit", () => done({ ...block, settings }));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function fieldFor(field, settings) {
  const id = `piece-${field.name}`;
  const value = settings[field.name] ?? field.initial ?? "";
  const keep = (next) => (settings[field.name] = next);
  const label = made("label", { class: "field-label", for: id }, field.label);
  const box = (control) => made("div", { class: "field" }, label, control);
  if (field.kind === "switch") {
    const tick = made("input", { type: "checkbox", class: "choice-box", id, checked: value === true, onchange: () => keep(tick.checked) });
    return made("div", { class: "field" }, made("label", {}, tick, ` ${field.label}`));
  }
  if (field.kind === "image") return box(pictureFor(id, value, keep));
  if (field.choices.length) {
    const select = made("select", { class: "control", id, onchange: () => keep(select.value) });
    for (const [choice, words] of field.choices) select.append(new Option(words, choice, false, choice === value));
    return box(select);
  }
  const isLong = ["lines", "richtext", "code", "html"].includes(field.kind);
  const control = made(isLong ? "textarea" : "input", { class: isLong ? "control control-area" : "control", id, rows: isLong && 5, oninput: () => keep(control.value) });
  control.value = value;
  return box(control);
}

function pictureFor(id, value, keep) {
  const button = made("button", { class: "button button-secondary", type: "button", id }, word("choose"));
  button.addEventListener("click", () =>
    choose({ kind: "image", from: button }, (chosen) => {
      keep(chosen.id);
      button.textContent = chosen.alt || chosen.name || word("choose");
    }),
  );
  return button;
}
