// Marks the picture in view, and scrolls to one without touching the address.
function show(gallery, slide) {
  const strip = gallery.querySelector(".gallery-strip");
  const box = slide.getBoundingClientRect();
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  strip.scrollBy({ left: box.left - strip.getBoundingClientRect().left, behavior: smooth ? "smooth" : "instant" });
}

function mark(gallery, id) {
  for (const thumb of gallery.querySelectorAll(".gallery-thumb")) {
    if (thumb.hash === `#${id}`) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
  }
}

export function start(root = document) {
  for (const gallery of root.querySelectorAll("[data-gallery]")) {
    const strip = gallery.querySelector(".gallery-strip");
    const seen = new IntersectionObserver(
      (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => mark(gallery, entry.target.id)),
      { root: strip, threshold: 0.6 },
    );
    for (const slide of gallery.querySelectorAll(".gallery-slide")) seen.observe(slide);
  }
}

document.addEventListener("click", (event) => {
  const thumb = event.target.closest(".gallery-thumb");
  const slide = thumb && document.getElementById(thumb.hash.slice(1));
  if (!slide) return;
  event.preventDefault();
  show(thumb.closest("[data-gallery]"), slide);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const chosen = document.querySelector("[data-shows-picture]")?.dataset.showsPicture;
  const slide = chosen && event.target.closest?.("#buy") && document.getElementById(`picture-${chosen}`);
  if (slide) show(slide.closest("[data-gallery]"), slide);
});

start();
