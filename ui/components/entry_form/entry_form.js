// Shows and hides the questions of a form by the answers to those before them. The server decides again when it is sent.
const words = (values) => values.map((one) => (one instanceof File ? one.name : String(one)).trim().toLowerCase()).filter(Boolean);

function order(one, other) {
  const numbers = [one, other].map(Number);
  const [left, right] = numbers.some(Number.isNaN) ? [one, other] : numbers;
  return (left > right) - (left < right);
}

const LOOKS = {
  filled: (found) => found.length > 0,
  empty: (found) => found.length === 0,
  is: (found, wanted) => (found.length ? found.includes(wanted) : !wanted),
  is_not: (found, wanted) => (found.length ? !found.includes(wanted) : Boolean(wanted)),
  contains: (found, wanted) => found.some((one) => one.includes(wanted)),
  contains_not: (found, wanted) => !found.some((one) => one.includes(wanted)),
  greater: (found, wanted) => found.length > 0 && order(found[0], wanted) > 0,
  less: (found, wanted) => found.length > 0 && order(found[0], wanted) < 0,
};

/** What stands in a field, of an address too; nothing where it is hidden. */
function standing(form, name) {
  return [...form.elements].flatMap((input) => {
    if (input.name !== name && !input.name.startsWith(`${name}.`)) return [];
    if (input.closest(".entry-field[hidden]") || (["radio", "checkbox"].includes(input.type) && !input.checked)) return [];
    return input.type === "file" ? [...input.files] : [input.value];
  });
}

function holds(form, { match, conditions }) {
  if (!conditions.length) return true;
  const test = ({ name, is, value }) => LOOKS[is](words(standing(form, name)), value.trim().toLowerCase());
  return match === "all" ? conditions.every(test) : conditions.some(test);
}

function show(form) {
  for (const field of form.querySelectorAll("[data-shown-by]")) {
    field.hidden = !JSON.parse(field.dataset.shownBy).every((rule) => holds(form, rule));
  }
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => event.target.form?.matches("[data-entry-form]") && show(event.target.form));
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-entry-refreshes]")) return;
  event.target.form.querySelector("[value=stay]").click(); // another country asks for other parts
});

document.addEventListener("htmx:afterSettle", () => document.querySelectorAll("[data-entry-form]").forEach(show));
document.querySelectorAll("[data-entry-form]").forEach(show);
