// The frame of the staff's screens: Ctrl-K goes to the search, the sidebar folds and remembers it.
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  const search = document.querySelector('[data-shortcut="k"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

const key = "agora-sidebar";
const button = document.querySelector("[data-collapses-sidebar]");
if (button) {
  button.setAttribute("aria-expanded", String(localStorage.getItem(key) !== "folded"));
  button.addEventListener("click", () => {
    const folded = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!folded));
    localStorage.setItem(key, folded ? "folded" : "open");
  });
}
