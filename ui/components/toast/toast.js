// Dismisses toasts, and shows those that an answer carries in its HX-Trigger header: {"toast": {"message", "kind", "href"}}.
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
  if (event.detail.href) {
    const link = document.createElement("a");
    Object.assign(link, { className: "toast-action toast-link", href: event.detail.href, textContent: region.dataset.show });
    toast.append(link);
  }
  region.append(toast);
});
