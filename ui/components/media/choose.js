// Tells the page which file of a picker was chosen, and closes the picker.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-media-id]");
  if (!choice) return;
  const { mediaId: id, mediaUrl: url, mediaAlt: alt, mediaName: name } = choice.dataset;
  choice.dispatchEvent(new CustomEvent("media:chosen", { bubbles: true, detail: { id, url, alt, name } }));
  const dialog = choice.closest("dialog");
  dialog?.close();
  dialog?.remove();
});
