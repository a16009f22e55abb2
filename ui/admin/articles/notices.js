// What a sheet has to say: offers and questions above the text, and the word beside its title.
import { made, word } from "./words.js";

const place = document.querySelector("[data-sheet-notices]");

/** acts: [label, what it does]. Returns what takes the notice away. */
export function notice(text, acts = [], ...more) {
  const box = made("div", { class: "sheet-notice" }, made("span", {}, text), ...more);
  for (const [label, act] of acts) {
    const button = made("button", { class: "button button-secondary button-small", type: "button" }, label);
    button.addEventListener("click", () => {
      box.remove();
      act();
    });
    box.append(button);
  }
  place.append(box);
  return () => box.remove();
}

/** Asks which of two versions to keep; resolves with "mine" or "theirs". */
export function choice(name, clashes) {
  return new Promise((done) => {
    const sides = ["theirs", "mine"].map((side) =>
      made("div", { class: "sheet-version" }, made("strong", {}, word(side, { name })), ...clashes.map((clash) => made("p", {}, plain(clash[side])))),
    );
    notice(
      word("clash", { name }),
      [[word("keepmine"), () => done("mine")], [word("keeptheirs"), () => done("theirs")]],
      made("div", { class: "sheet-versions" }, ...sides),
    );
    place.scrollIntoView({ block: "nearest" });
  });
}

function plain(value) {
  if (typeof value !== "string") return value === null || value === undefined ? "–" : JSON.stringify(value);
  const text = new DOMParser().parseFromString(value, "text/html").body.textContent;
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

const saved = document.querySelector("[data-sheet-saved]");

export function say(text) {
  if (saved.textContent !== text) saved.textContent = text;
}
