// Dismisses toasts, and shows those that an answer carries in its HX-Trigger header: {"toast": {"message", "kind"}}.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  button?.closest(button.dataset.dismiss)?.remove();
});

document.addEventListener("animationend", (event) => {
  if (event.animationName === "toast-go") event.target.remove();
});

document.addEventListener("toast", (event) => {
  const region = document.getElementById("toasts");
  if (!region) return;
  const toast = document.createElement("div");
  toast.className = `toast toast-${event.detail.kind ?? "success"}`;
  const words = document.createElement("p");
  words.className = "toast-text";
  words.textContent = event.detail.message ?? event.detail.value;
  toast.append(words);
  region.append(toast);
});
