// What the server found wrong with a form, said at the fields that it is about.

/** Returns what a form asks for a value by: its control, or what holds its controls. */
export function named(form, name) {
  const own = CSS.escape(name);
  return form.querySelector(`[name="${own}"]:not([type=hidden]), [id="field-${own}"], [data-relation="${own}"], [data-media="${own}"], [name="${own}"]`);
}

/** errors: { field: sentence }. Returns those that no field of the form bears. */
export function complain(form, errors) {
  for (const old of form.querySelectorAll("[data-said]")) old.remove();
  for (const field of form.querySelectorAll(".field-invalid")) field.classList.remove("field-invalid");
  return Object.entries(errors).filter(([name, words]) => !sayAt(form, name, words)).map(([, words]) => words);
}

function sayAt(form, name, words) {
  const field = named(form, name)?.closest(".field, fieldset");
  if (!field) return false;
  field.classList.add("field-invalid");
  const said = Object.assign(document.createElement("p"), { className: "field-error", textContent: words });
  said.dataset.said = "";
  said.setAttribute("role", "alert");
  field.append(said);
  return true;
}
