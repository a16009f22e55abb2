// Says where JSON is wrong while it is typed, and lays it out when the field is left.
import { enhance, say } from "../enhance.js";

function wrongPlace(text, message) {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named) return { line: named[1], column: named[2] };
  const before = text.slice(0, Number(/position (\d+)/.exec(message)?.[1] ?? text.length)).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

enhance("[data-json]", (area) => {
  const note = Object.assign(document.createElement("p"), { className: "field-error", hidden: true });
  note.setAttribute("aria-live", "polite");
  area.after(note);

  function check(layOut) {
    try {
      const value = area.value.trim() && JSON.parse(area.value);
      if (layOut && value !== "" && isExact(area.value, value)) area.value = JSON.stringify(value, null, 2);
      note.hidden = true;
    } catch (error) {
      note.textContent = say(area.dataset.words, wrongPlace(area.value, error.message));
      note.hidden = false;
    }
  }

  area.addEventListener("input", () => note.hidden || check(false));
  area.addEventListener("change", () => check(true));
});

/** Whether nothing but spaces differs: laying out must not round a number, nor drop a name that stands twice. */
function isExact(text, value) {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1") === JSON.stringify(value);
}
