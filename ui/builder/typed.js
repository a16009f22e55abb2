// What stands in a form, read here and not by the server: for when that cannot be reached. What needs the server is left out.

/** Returns { name: value } of every setting that a form asks for in a way that is read alike everywhere. */
export function typedIn(form) {
  const found = {};
  for (const holder of form.querySelectorAll("[data-relation], [data-media]")) {
    const { relation, media, multiple } = holder.dataset;
    const ids = chosen(holder, relation ?? media);
    found[relation ?? media] = multiple === undefined ? (ids.at(-1) ?? "") : ids;
  }
  for (const control of form.elements) {
    const { name, type } = control;
    if (!name || name in found || control.disabled || control.closest("[data-aside], [data-relation], [data-media], [data-tags]")) continue;
    if (name.includes(".") && !name.startsWith("look.")) continue;
    const value = valueOf(form, control, type);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function chosen(holder, name) {
  const own = [...holder.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  return own.filter((one) => one.value && (one.type !== "checkbox" || one.checked)).map((one) => one.value);
}

function valueOf(form, control, type) {
  const beside = [...form.querySelectorAll(`[name="${CSS.escape(control.name)}"]`)];
  if (type === "radio") return beside.find((one) => one.checked)?.value;
  if (type === "checkbox") {
    const isSwitch = beside.length === 1 && control.value === "true";
    return isSwitch ? control.checked : beside.filter((one) => one.checked).map((one) => one.value);
  }
  if (type === "number") return control.value === "" || !control.validity.valid ? undefined : Number(control.value);
  return ["text", "textarea", "select-one", "url", "email", "search"].includes(type) ? control.value : undefined;
}
