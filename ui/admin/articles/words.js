// The sentences that came with the page, in its reader's language, and small elements made by hand.
import { say } from "../../fields/enhance.js";

const words = document.getElementById("sheet-words").dataset;
const sprite = document.querySelector("svg use")?.getAttribute("href")?.split("#")[0] ?? "";

export function word(name, values = {}) {
  return say(words[name] ?? "", values);
}

export function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  for (const [key, value] of Object.entries({ class: "icon", width: 16, height: 16, "aria-hidden": "true" })) svg.setAttribute(key, value);
  svg.append(use);
  return svg;
}
