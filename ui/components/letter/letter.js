// Puts names and pieces into a letter where one writes, and shows the letter while it changes.
let field;
let shown;
let waiting;

const buttonsOf = (form) => (form?.id ? [...document.querySelectorAll(`[data-shows-letter][form="${CSS.escape(form.id)}"]`)] : []);

function show(button) {
  const form = button.form;
  for (const one of buttonsOf(form)) one.setAttribute("aria-pressed", String(one === button));
  shown = button;
  const frames = document.querySelectorAll(".letter-preview-frame");
  const before = frames[frames.length - 1];
  const fresh = before.cloneNode();
  fresh.removeAttribute("src");
  fresh.name = `letter-${performance.now()}`;
  fresh.dataset.waits = "";
  for (const late of [...frames].slice(0, -1)) late.remove();
  before.after(fresh);
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action: button.dataset.showsLetter, target: fresh.name, hidden: true });
  for (const [name, value] of new FormData(form)) {
    const input = document.createElement("textarea");
    Object.assign(input, { name, value });
    copy.append(input);
  }
  document.body.append(copy);
  fresh.addEventListener("load", () => {
    fresh.removeAttribute("data-waits");
    before.remove();
  });
  copy.submit();
  copy.remove();
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea, input[type=text]") && buttonsOf(event.target.form).length) field = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-shows-letter]");
  if (button) {
    event.preventDefault();
    show(button);
  }
  const piece = event.target.closest("[data-puts]");
  if (!piece) return;
  const into = field?.isConnected ? field : document.getElementById(piece.dataset.into)?.querySelector("textarea:last-of-type");
  into.focus();
  into.setRangeText(piece.dataset.puts, into.selectionStart, into.selectionEnd, "end");
  into.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  const buttons = buttonsOf(event.target.form);
  if (!buttons.length) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => show(shown?.isConnected ? shown : buttons[0]), 350);
});
