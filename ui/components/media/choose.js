// Tells the page which file of a picker was chosen; who opened the picker listens, and closes it.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-media-id]");
  if (!choice) return;
  const { mediaId: id, mediaUrl: url, mediaAlt: alt, mediaName: name, mediaLarge: large } = choice.dataset;
  choice.setAttribute("aria-pressed", "true");
  choice.dispatchEvent(new CustomEvent("media:chosen", { bubbles: true, detail: { id, url, alt, name, large: large ?? url } }));
});
