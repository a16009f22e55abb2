// What the server found wrong with a form, said at the fields that it is about.

/** errors: { field: sentence }. Returns those that no field of the form bears. */
export function complain(form, errors) {
  for (const old of form.querySelectorAll("[data-said]")) old.remove();
  for (const field of form.querySelectorAll(".field-invalid")) field.classList.remove("field-invalid");
  return Object.entries(errors).filter(([name, words]) => !sayAt(form, name, words)).map(([, words]) => words);
}

function sayAt(form, name, words) {
  const named = CSS.escape(name);
  const control = form.querySelector(`[name="${named}"], [id="field-${named}"], [data-relation="${named}"]`);
  const field = control?.closest(".field, fieldset");
  if (!field) return false;
  field.classList.add("field-invalid");
  const said = Object.assign(document.createElement("p"), { className: "field-error", textContent: words });
  said.dataset.said = "";
  said.setAttribute("role", "alert");
  field.append(said);
  return true;
}
