// Shows a theme's form in the frame beside it whenever something in it changes, without leaving the page.
let waiting;

const buttonsOf = (form) => [...document.querySelectorAll(`[data-previews][form="${CSS.escape(form.id)}"]`)];

function refresh(form) {
  const chosen = form?.id && buttonsOf(form).find((button) => button.ariaPressed === "true");
  if (!chosen) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const frame = document.getElementsByName(chosen.formTarget)[0];
    const values = new URLSearchParams(new FormData(form));
    values.set(chosen.name, chosen.value);
    const at = frame.contentWindow.scrollY;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, at), { once: true });
    frame.contentWindow.location.replace(`${chosen.getAttribute("formaction")}?${values}`);
  }, 200);
}

document.addEventListener("input", (event) => refresh(event.target.form));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-previews]");
  if (!button) return;
  event.preventDefault();
  for (const other of buttonsOf(button.form)) other.ariaPressed = String(other === button);
  refresh(button.form);
});

/** What is shown is to be looked at: its links and buttons lead nowhere. */
function still(frame) {
  const stop = (event) => event.target.closest("a, button, form") && event.preventDefault();
  for (const kind of ["click", "submit"]) frame.contentDocument?.addEventListener(kind, stop, true);
}

for (const frame of document.querySelectorAll(".theme-preview-frame")) {
  still(frame);
  frame.addEventListener("load", () => still(frame));
}
