// Loads the player or map of somebody else once a visitor asks for it; without it the link opens it there.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-embed] .block-embed-play");
  if (!link || event.ctrlKey || event.metaKey || link.closest("[data-block]")) return;
  event.preventDefault();
  const place = link.closest("[data-embed]");
  const frame = document.createElement("iframe");
  frame.src = place.dataset.embed;
  frame.title = place.dataset.title;
  frame.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
  place.replaceChildren(frame);
  frame.focus();
});
