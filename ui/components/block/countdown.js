// Makes a countdown tick; without it the page says the moment.
const DAY = 86_400;

function draw(block, left) {
  const figures = block.querySelector("[data-figures]");
  const words = figures.dataset.words.split("|");
  const values = [Math.floor(left / DAY), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60];
  if (!figures.children.length) {
    figures.append(
      ...words.map((word) => {
        const part = document.createElement("span");
        part.className = "block-countdown-part";
        part.append(document.createElement("b"), word);
        return part;
      }),
    );
    figures.hidden = false;
  }
  [...figures.children].forEach((part, at) => {
    part.firstElementChild.textContent = at ? String(values[at]).padStart(2, "0") : values[at];
  });
}

function tick() {
  for (const block of document.querySelectorAll("[data-countdown]")) {
    const left = Math.floor((Date.parse(block.dataset.countdown) - Date.now()) / 1000);
    if (left > 0) {
      draw(block, left);
      continue;
    }
    for (const part of block.querySelectorAll("[data-before], [data-figures]")) part.hidden = true;
    block.querySelector("[data-after]").hidden = false;
    block.removeAttribute("data-countdown");
  }
}

if (document.querySelector("[data-countdown]")) {
  tick();
  setInterval(tick, 1000);
}
