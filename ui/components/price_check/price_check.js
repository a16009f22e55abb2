// A screen that answers prices: what is typed anywhere goes into its field, and the answer goes away by itself.
const form = document.querySelector("[data-price-check]");

if (form) {
  const field = form.elements.code;
  const answer = document.getElementById(form.dataset.priceCheck);
  const away = form.querySelector("[data-price-away]");
  let timer = 0;

  function ready() {
    field.value = "";
    field.focus({ preventScroll: true });
  }

  function rest() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (field.value) return rest(); // somebody is typing the next one
      answer.replaceChildren();
      ready();
    }, Number(form.dataset.seconds) * 1000);
  }

  function unanswered(event) {
    if (event.target !== form) return;
    answer.replaceChildren(away.content.cloneNode(true));
    ready();
    rest();
  }

  form.addEventListener("htmx:afterSwap", rest);
  answer.addEventListener("htmx:afterSwap", rest);
  form.addEventListener("htmx:beforeRequest", () => setTimeout(ready));
  for (const failure of ["sendError", "timeout", "responseError"]) document.addEventListener(`htmx:${failure}`, unanswered);

  // A scanner is a keyboard that types a code and Enter, wherever the focus is.
  document.addEventListener("keydown", (event) => {
    const isText = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isText && !event.target.closest("input, textarea, select")) field.focus({ preventScroll: true });
  });

  if (answer.children.length) rest();
}
