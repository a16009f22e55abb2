// What a text may hold: what engine/core/html.py lets through, except what the editor cannot show (tables, figures).
import { Extension, Mark, mergeAttributes } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import Link from "@tiptap/extension-link";
import StarterKit from "@tiptap/starter-kit";

const ADDRESS = /^(https?:\/\/|mailto:|tel:|\/(?!\/)|#)/i;

/** Marks that have no button: what was written elsewhere keeps them. */
const KEPT = ["sub", "sup", "mark", "small", "kbd", "cite", "q", "ins", "abbr"];

const keptMarks = KEPT.map((tag) =>
  Mark.create({
    name: `kept_${tag}`,
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
    addAttributes: () => (tag === "abbr" ? { title: { default: null } } : {}),
    ...(tag === "sub" && { excludes: "kept_sup" }),
  }),
);

function kept(...names) {
  return Object.fromEntries(names.map((name) => [name, { default: null }]));
}

const Attributes = Extension.create({
  name: "attributes",
  addGlobalAttributes: () => [
    { types: ["paragraph", "heading", "blockquote", "bulletList", "orderedList", "listItem"], attributes: kept("lang", "dir") },
    { types: ["link"], attributes: kept("title", "hreflang") },
    { types: ["orderedList"], attributes: kept("reversed") },
  ],
});

export const extensions = [
  StarterKit.configure({ heading: { levels: [2, 3, 4, 5, 6] }, link: false, dropcursor: { class: "richtext-drop", color: false } }),
  Link.extend({
    renderHTML({ HTMLAttributes }) {
      return ["a", mergeAttributes(HTMLAttributes, { rel: "noopener noreferrer", target: null, class: null }), 0];
    },
  }).configure({ openOnClick: false, autolink: true, defaultProtocol: "https", isAllowedUri: (url) => ADDRESS.test(url ?? "") }),
  Image.configure({ inline: true, allowBase64: false }),
  Attributes,
  ...keptMarks,
];

/** Returns where a link leads from what was typed: "example.org" gets https, "a@example.org" mailto; null for nonsense. */
export function addressOf(text) {
  const typed = text.trim();
  if (/\s/.test(typed)) return null;
  if (ADDRESS.test(typed)) return typed;
  if (/^[^/@:]+@[^/@:]+\.[^/@:]+$/.test(typed)) return `mailto:${typed}`;
  return /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([/?#:].*)?$/u.test(typed) ? `https://${typed}` : null;
}
