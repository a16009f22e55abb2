// Shows a picture in front of the page, with those beside it; without it a click opens the picture alone.
const icon = (name) => {
  const any = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
  return `<svg class="icon" width="20" height="20" aria-hidden="true"><use href="${any}#${name}"></use></svg>`;
};

function button(kind, name, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `lightbox-button lightbox-${kind}`;
  made.setAttribute("aria-label", label);
  made.innerHTML = icon(name);
  made.addEventListener("click", act);
  return made;
}

function slide(link) {
  const figure = document.createElement("figure");
  const picture = new Image();
  figure.className = "lightbox-slide";
  picture.src = link.href;
  picture.alt = link.querySelector("img:not([aria-hidden])")?.alt ?? "";
  const words = document.createElement("figcaption");
  words.textContent = link.closest("figure")?.querySelector("figcaption")?.textContent ?? "";
  figure.append(picture, words);
  return figure;
}

function open(links, at, [close, back, on]) {
  const dialog = document.createElement("dialog");
  const strip = document.createElement("div");
  const step = (by) => strip.scrollBy({ left: by * strip.clientWidth * (document.dir === "rtl" ? -1 : 1) });
  dialog.className = "lightbox";
  strip.className = "lightbox-strip";
  strip.tabIndex = 0;
  strip.append(...links.map(slide));
  dialog.append(strip, button("close", "x", close, () => dialog.close()));
  if (links.length > 1) {
    dialog.append(button("back", "chevron-left", back, () => step(-1)));
    dialog.append(button("on", "chevron-right", on, () => step(1)));
  }
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  strip.children[at].scrollIntoView({ behavior: "instant", inline: "center" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-enlarges] a[data-large]");
  if (!link || event.ctrlKey || event.metaKey || link.closest("[data-block]")) return;
  event.preventDefault();
  const place = link.closest("[data-enlarges]");
  const links = [...place.querySelectorAll("a[data-large]")];
  open(links, links.indexOf(link), place.dataset.enlarges.split("|"));
});
