// Brings widgets to life, each once: those that are there, those that htmx puts in, and those in rows that are added.
const makers = [];
const alive = new WeakSet();

/** Calls `make` with every element of this selector, now and later. */
export function enhance(selector, make) {
  makers.push([selector, make]);
  enliven(document);
}

function enliven(root) {
  for (const [selector, make] of makers) {
    for (const element of root.querySelectorAll(selector)) {
      if (alive.has(element)) continue;
      alive.add(element);
      make(element);
    }
  }
}

/** Tells the form that a widget changed a value, as typing does. */
export function changed(element) {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Fills in a sentence that came with the page: `say("Row {n}", { n: 2 })`. */
export function say(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

document.addEventListener("fields:added", (event) => enliven(event.target));
document.addEventListener("htmx:afterSettle", (event) => enliven(event.detail.elt.parentNode ?? document));
