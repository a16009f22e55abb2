// The frame of the staff's screens: the sidebar folds, and the server draws it so the next time.
const frame = document.querySelector(".admin-frame");
const button = document.querySelector("[data-collapses-sidebar]");
button?.addEventListener("click", () => {
  const folded = frame.toggleAttribute("data-folded");
  button.setAttribute("aria-expanded", String(!folded));
  document.cookie = `agora-sidebar=${folded ? "folded" : "open"}; Path=/admin; Max-Age=31536000; SameSite=Lax`;
});

for (const keys of document.querySelectorAll(".topbar-keys, .palette-help kbd, .shortcut kbd")) {
  if (/Mac|iP(hone|ad)/.test(navigator.platform)) keys.textContent = keys.textContent.replace("Ctrl", "\u2318");
}
