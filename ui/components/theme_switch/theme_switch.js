// Changes light and dark at once and keeps the choice in the cookie that the server reads.
document.addEventListener("submit", (event) => {
  const form = event.target.closest(".theme-switch");
  if (!form) return;
  event.preventDefault();
  const scheme = event.submitter.value;
  if (scheme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = scheme;
  document.querySelector('meta[name="color-scheme"]').content = scheme === "auto" ? "light dark" : scheme;
  document.cookie = `agora-scheme=${scheme}; Path=/; Max-Age=31536000; SameSite=Lax`;
  for (const choice of form.elements) choice.setAttribute("aria-pressed", String(choice.value === scheme));
});
