// The rows of the files that are being sent: how far each is, and what became of it.
export function rowFor(zone, name) {
  const queue = zone.querySelector(".media-queue");
  const row = zone.querySelector("[data-media-row]").content.firstElementChild.cloneNode(true);
  const state = row.querySelector(".media-queue-state");
  const bar = row.querySelector("progress");
  row.querySelector(".media-queue-name").textContent = name;
  queue.append(row);
  queue.hidden = false;
  return {
    progress(sent, total) {
      bar.value = total ? (sent / total) * 100 : 0;
      state.textContent = `${Math.round(bar.value)} %`;
    },
    finish(word, answer) {
      row.dataset.over = word;
      if (word === "dropped") row.remove();
      state.textContent = word === "failed" ? reason(answer) ?? state.dataset.failed : state.dataset[word];
      zone.querySelector("[data-media-said]").textContent = `${name}: ${state.textContent}`;
      if (word === "done" || word === "existed") setTimeout(() => row.remove(), 4000);
      setTimeout(() => (queue.hidden = !queue.children.length), 4100);
    },
    onDrop(act) {
      row.querySelector(".media-queue-drop").addEventListener("click", act, { once: true });
    },
  };
}

function reason(answer) {
  try {
    return JSON.parse(answer).detail;
  } catch {
    return undefined;
  }
}

// What is on the page is asked for anew once everything is sent.
document.addEventListener("media:sent", (event) => {
  const list = event.target.dataset.list;
  if (list && document.querySelector("#media-list")) window.htmx.ajax("GET", list, { target: "#media-list", swap: "outerHTML" });
});
