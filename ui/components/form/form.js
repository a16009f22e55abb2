// Brings what went wrong into view and focus, and lets a form be sent once.
function focusErrors() {
  document.querySelector("[data-focus]")?.focus();
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.getAttribute("method") !== "post" || event.target.matches("[data-again]")) return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => sendableAgain(event.target), 8000);
});

function sendableAgain(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(sendableAgain));
document.addEventListener("htmx:afterRequest", (event) => event.target.matches?.("form") && sendableAgain(event.target));

focusErrors();
document.addEventListener("htmx:afterSettle", focusErrors);
