// HTML out of the editor as engine/core/html.py leaves it, into the editor from text, and whether it survives the way.
import { DOMSerializer, DOMParser as DocumentParser } from "@tiptap/pm/model";

const ATTRIBUTES = {
  a: ["href", "title", "hreflang"],
  img: ["src", "alt", "width", "height", "title"],
  ol: ["start", "reversed"],
  abbr: ["title"],
};
const SAME = { b: "strong", i: "em", del: "s", strike: "s" };
const PASSED_OVER = new Set(["p", "br", "span", "html", "head", "body"]);
const TAG = /<[a-z/!]/i;

/** Returns the text as HTML: without tags, a blank line begins a paragraph (as ui/fields/paragraphs.py has it). */
export function htmlOf(text) {
  if (!text.trim() || TAG.test(text)) return text;
  const blocks = text.trim().split(/\n\s*\n/);
  return blocks.map((block) => `<p>${escaped(block.trim()).replaceAll("\n", "<br>")}</p>`).join("");
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Returns what the editor holds, or "" for nothing. */
export function written(doc, schema) {
  const holder = document.implementation.createHTMLDocument("").createElement("div");
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(doc.content, { document: holder.ownerDocument }));
  for (const element of holder.querySelectorAll("*")) tidy(element);
  while (isEmpty(holder.lastElementChild)) holder.lastElementChild.remove();
  while (isEmpty(holder.firstElementChild)) holder.firstElementChild.remove();
  return [...holder.childNodes].map((node) => node.outerHTML ?? escaped(node.textContent)).join("\n");
}

function tidy(element) {
  const kept = [...(ATTRIBUTES[element.localName] ?? []), "lang", "dir", "rel"];
  const had = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
  for (const name of Object.keys(had)) element.removeAttribute(name);
  for (const name of kept) if (name in had) element.setAttribute(name, had[name]);
  const first = element.firstElementChild;
  const isPlain = [...element.children].every((child, place) => place === 0 || /^[ou]l$/.test(child.localName));
  if (element.localName === "li" && first?.localName === "p" && !first.attributes.length && isPlain) {
    first.replaceWith(...first.childNodes);
  }
}

function isEmpty(element) {
  return element?.localName === "p" && !element.hasChildNodes();
}

/** Whether the editor shows everything that this HTML holds: no element and no word is lost on the way. */
export function isKept(html, schema) {
  const before = parsed(html);
  const after = parsed(written(DocumentParser.fromSchema(schema).parse(before), schema));
  const [had, has] = [counted(before), counted(after)];
  const bare = (element) => element.textContent.replace(/\s+/g, "");
  return bare(before) === bare(after) && Object.entries(had).every(([tag, count]) => (has[tag] ?? 0) >= count);
}

export function parsed(html) {
  return new DOMParser().parseFromString(inert(html), "text/html").body;
}

/** Renames styles and handlers before a browser reads them: the Content-Security-Policy reports each, even in a page
    that is never shown. */
export function inert(html) {
  const bare = html.replace(/<style\b[\s\S]*?(<\/style\s*>|$)/gi, "");
  return bare.replace(/<[a-z][^<>]*>/gi, renamed);
}

function renamed(tag) {
  const named = /"[^"]*"|'[^']*'|(?<=[\s"'/])(style|on[a-z]+)(?=\s*=)/gi;
  return tag.replace(named, (found, name) => (name ? `data-${name}` : found));
}

function counted(root) {
  const counts = {};
  for (const { localName } of root.querySelectorAll("*")) {
    const tag = SAME[localName] ?? localName;
    if (!PASSED_OVER.has(tag)) counts[tag] = (counts[tag] ?? 0) + 1;
  }
  return counts;
}
