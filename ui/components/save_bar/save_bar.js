// Lets a watched form's save bar wait for the first change, and asks before a change would be lost.
function contents(form) {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));
}

function watch(form) {
  const before = contents(form);
  const compare = () => form.toggleAttribute("data-changed", contents(form) !== before);
  form.setAttribute("data-watched", "");
  form.addEventListener("input", compare);
  form.addEventListener("change", compare);
  form.addEventListener("submit", () => form.removeAttribute("data-changed"));
}

function watchNew() {
  for (const form of document.querySelectorAll("form[data-watch]:not([data-watched])")) watch(form);
}

watchNew();
document.addEventListener("htmx:afterSettle", watchNew);

document.addEventListener("click", (event) => {
  if (event.target.closest(".save-bar a")) event.target.closest("form").removeAttribute("data-changed");
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]")) event.preventDefault();
});

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
  const form = document.querySelector("form[data-changed]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
