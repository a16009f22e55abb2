// Keeps what a person types while its fields are fetched anew: an address whose country changed under their hands.
let typed = null;

document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (!target.matches?.("[data-keeps-typing]")) return;
  const fields = [...target.querySelectorAll("input, textarea")];
  typed = { values: new Map(fields.map((field) => [field.name, field.value])), focused: document.activeElement?.name };
});

document.addEventListener("htmx:afterSwap", () => {
  const part = typed && document.querySelector("[data-keeps-typing]");
  if (!part) return;
  for (const field of part.querySelectorAll("input, textarea")) {
    if (typed.values.get(field.name)) field.value = typed.values.get(field.name);
    if (field.name === typed.focused) field.focus();
  }
  typed = null;
});
