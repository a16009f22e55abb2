// Tells the page which file of a picker was chosen; who opened the picker listens, and closes it.
import { enhance } from "../../fields/enhance.js";
import "./focal.js";

function tell(choice) {
  const { mediaId: id, mediaUrl: url, mediaAlt: alt, mediaName: name, mediaLarge: large } = choice.dataset;
  choice.dispatchEvent(new CustomEvent("media:chosen", { bubbles: true, detail: { id, url, alt, name, large: large ?? url } }));
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest("button[data-media-id]");
  if (!choice) return;
  choice.setAttribute("aria-pressed", "true");
  tell(choice);
});

/* What was described is chosen. */
enhance("[data-media-done]", tell);
