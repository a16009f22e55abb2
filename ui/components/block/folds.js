// Opens the fold that an address names, closes the others where one at a time is open, and copies the page's address.
document.addEventListener(
  "toggle",
  (event) => {
    const list = event.target.open && event.target.closest?.("[data-one]");
    if (!list || event.target.closest("[data-block]")) return;
    for (const other of list.querySelectorAll("details[open]")) if (other !== event.target) other.open = false;
  },
  true,
);

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copies-link]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  await navigator.clipboard.writeText(link.href);
  const words = link.querySelector(".button-label");
  const before = words.textContent;
  words.textContent = link.dataset.done ?? before;
  setTimeout(() => (words.textContent = before), 2000);
});
