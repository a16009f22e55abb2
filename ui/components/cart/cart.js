// Sends a form whose answer is one number as soon as the number changes.
document.addEventListener("change", (event) => {
  event.target.closest("[data-sends-changes]")?.requestSubmit();
});
