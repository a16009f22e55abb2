// What moves by itself can be stopped: pictures go back to their still, films without sound to where they are.
const less = matchMedia("(prefers-reduced-motion: reduce)");

function start(button) {
  const beside = button.parentElement;
  const sources = [...beside.querySelectorAll("source[data-moving]")];
  const films = [...beside.querySelectorAll("video[autoplay]")];
  if (!sources.length && !films.length) return;
  for (const film of films) film.controls = false;

  function set(plays) {
    for (const source of sources) source.media = plays ? "all" : "not all";
    for (const film of films) plays ? film.play().catch(() => set(false)) : film.pause();
    const words = plays ? button.dataset.wordsPause : button.dataset.wordsPlay;
    button.dataset.is = plays ? "playing" : "paused";
    button.title = words;
    button.querySelector("span").textContent = words;
  }

  button.addEventListener("click", () => set(button.dataset.is !== "playing"));
  button.hidden = false;
  set(!less.matches);
}

document.querySelectorAll("[data-stops-motion]").forEach(start);
