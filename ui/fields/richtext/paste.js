// What is pasted from Word, Google Docs, Pages and the web comes in as plain structure: no styles, no empty lines.
import { gridSettings, replaceGrids, rowsAsText } from "./grids.js";
import { parsed } from "./html.js";

const STRUCTURE = new Set([
  "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "u", "ul",
]);
const RENAMED = { b: "strong", i: "em", h1: "h2", h5: "h4", h6: "h4", del: "s", strike: "s", div: "p", dt: "p", dd: "p", tr: "p" };
const DROPPED = "script, style, meta, link, title, xml, svg, math, template, iframe, object, form, input, button, o\\:p, [hidden]";
const KEPT_ATTRIBUTES = { a: ["href", "title"], img: ["src", "alt", "title"], ol: ["start"] };
const BLOCKS = "[data-piece], p, h2, h3, h4, ul, ol, blockquote, pre, hr";

/** Returns pasted HTML without what its program put around the words; a table becomes a paragraph for each row. */
export function pasted(html) {
  return bare(html, rowsAsText);
}

/** Returns the same for a sheet of blocks, where a table is one of them. */
export function pastedOnSheet(html) {
  return bare(html, (rows, table) => {
    const piece = table.ownerDocument.createElement("div");
    piece.dataset.piece = JSON.stringify({ type: "table", settings: gridSettings(rows) });
    return [piece];
  });
}

function bare(html, grid) {
  const root = parsed(html);
  dropComments(root);
  for (const element of root.querySelectorAll(DROPPED)) element.remove();
  listsOfWord(root);
  for (const element of root.querySelectorAll("[data-piece]")) delete element.dataset.piece;
  replaceGrids(root, grid);
  for (const element of [...root.querySelectorAll("*")]) marksFromStyle(element);
  for (const element of [...root.querySelectorAll("*")].reverse()) simplified(element);
  for (const paragraph of root.querySelectorAll("p, h2, h3, h4, li")) {
    if (!paragraph.textContent.trim() && !paragraph.querySelector("img")) paragraph.remove();
  }
  return root.innerHTML.replaceAll("&nbsp;", " ");
}

function dropComments(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.remove();
}

/** Word writes lists as paragraphs with `mso-list:l0 level2 lfo1`, their marks as text. */
function listsOfWord(root) {
  let lists = [];
  let last = "";
  for (const paragraph of [...root.querySelectorAll("p, h1, h2, h3")]) {
    const [, name, level] = /mso-list:\s*(\w+) level(\d)/.exec(paragraph.getAttribute("data-style") ?? "") ?? [];
    if (!level || name !== last || paragraph.previousElementSibling !== lists[0]) lists = [];
    last = name;
    if (!level) continue;
    const mark = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute("data-style") ?? ""));
    const tag = /^[\s(]*[\p{L}\p{N}]{1,4}[.)]/u.test(mark?.textContent ?? "") ? "ol" : "ul";
    mark?.remove();
    const item = root.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    lists = lists.slice(0, Number(level));
    while (lists.length < level) {
      const list = root.ownerDocument.createElement(tag);
      if (lists.length) (lists.at(-1).lastElementChild ?? lists.at(-1)).append(list);
      else paragraph.before(list);
      lists.push(list);
    }
    lists.at(-1).append(item);
    paragraph.remove();
  }
}

/** Bold, italic and the like that stand in a style become elements; what says "not bold" loses its element. */
function marksFromStyle(element) {
  const style = element.getAttribute("data-style")?.toLowerCase() ?? "";
  if (/^(b|strong)$/.test(element.localName) && /(?<![\w-])font-weight:\s*(normal|400)/.test(style)) return void unwrap(element);
  if (!/^(span|font)$/.test(element.localName)) return;
  const wanted = [
    /(?<![\w-])font-weight:\s*(bold|[6-9]00)/.test(style) && "strong",
    /(?<![\w-])font-style:\s*italic/.test(style) && "em",
    /text-decoration[^;]*line-through/.test(style) && "s",
    /vertical-align:\s*super/.test(style) && "sup",
    /vertical-align:\s*sub/.test(style) && "sub",
  ].filter(Boolean);
  for (const tag of wanted) {
    const mark = element.ownerDocument.createElement(tag);
    mark.append(...element.childNodes);
    element.append(mark);
  }
}

function simplified(element) {
  if (element.dataset.piece) return;
  const tag = RENAMED[element.localName] ?? element.localName;
  const holdsBlocks = tag === "p" && element.querySelector(BLOCKS);
  if (tag === "img" && !/^(https?:|\/(?!\/))/i.test(element.getAttribute("src") ?? "")) return void element.remove();
  if (!STRUCTURE.has(tag) || holdsBlocks) return void unwrap(element);
  const clean = element.ownerDocument.createElement(tag);
  for (const name of KEPT_ATTRIBUTES[tag] ?? []) {
    if (element.hasAttribute(name)) clean.setAttribute(name, element.getAttribute(name));
  }
  clean.append(...element.childNodes);
  element.replaceWith(clean);
}

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}
