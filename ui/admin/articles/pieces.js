// Blocks that are no text stand in the document as pieces: shown as visitors see them, changed by a small form.
import { Extension, InputRule, Node } from "@tiptap/core";
import { addressOf, extensions } from "../../fields/richtext/schema.js";
import { drawn } from "./drawing.js";
import { icon, made, word } from "./words.js";

/** Pieces stand between texts, never in a list or a quote: there they would have no place in the tree. */
const Sheet = Node.create({ name: "doc", topNode: true, content: "(block | piece)+" });

/** Which block a run of text is, on its first part. It is no part of the text. */
const Marks = Extension.create({
  name: "blockMarks",
  addGlobalAttributes: () => [
    {
      types: ["paragraph", "heading", "bulletList", "orderedList", "blockquote", "codeBlock", "horizontalRule"],
      attributes: { block: { default: null, rendered: false, keepOnSplit: false } },
    },
  ],
});

/** `# ` is a heading here, for the title stands above; `[words](address)` becomes a link, `![]( ` asks for a picture. */
function shortcuts(pick) {
  return Extension.create({
    name: "markdown",
    addInputRules() {
      return [
        new InputRule({
          find: /^#\s$/,
          handler: ({ chain, range }) => void chain().deleteRange(range).setNode("heading", { level: 2 }).run(),
        }),
        new InputRule({
          find: /(?<!!)\[([^\]]+)\]\(([^)\s]+)\)$/,
          handler: ({ chain, range, match }) => {
            const href = addressOf(match[2]);
            if (!href) return;
            const text = { type: "text", text: match[1], marks: [{ type: "link", attrs: { href } }] };
            chain().insertContentAt(range, [text, { type: "text", text: " " }]).run();
          },
        }),
        new InputRule({
          find: /!\[([^\]]*)\]\($/,
          handler: ({ chain, range, match }) => {
            chain().deleteRange(range).run();
            pick("image", { alt: match[1] });
          },
        }),
      ];
    },
  });
}

function pieceNode(book, edit) {
  return Node.create({
    name: "piece",
    group: "piece",
    atom: true,
    draggable: true,
    addAttributes: () => ({ block: { default: null, rendered: false } }),
    parseHTML: () => [{ tag: "div[data-piece]", getAttrs: (element) => ({ block: JSON.parse(element.dataset.piece) }) }],
    renderHTML: ({ node }) => ["div", { "data-piece": JSON.stringify(node.attrs.block) }],
    addNodeView: () => (view) => pieceView(view, book, edit),
  });
}

function pieceView({ node, editor, getPos }, book, edit) {
  let current = node;
  const about = book[node.attrs.block.type] ?? { label: node.attrs.block.type, fields: [] };
  const shown = made("div", { class: "piece-shown", inert: true });
  const tool = (name, label, act) =>
    made("button", { class: "piece-tool", type: "button", title: label, "aria-label": label, onclick: act }, icon(name));
  const bar = made(
    "div",
    { class: "piece-bar", role: "toolbar", "aria-label": about.label },
    tool("pencil", word("edit"), () => edit(current.attrs.block, (block) => put(block))),
    tool("arrow-up", word("up"), () => move(-1)),
    tool("arrow-down", word("down"), () => move(1)),
    tool("trash-2", word("remove"), () => editor.chain().deleteRange({ from: getPos(), to: getPos() + current.nodeSize }).focus().run()),
  );
  const dom = made("div", { class: "piece", "data-type": node.attrs.block.type, role: "group", "aria-label": about.label, contenteditable: "false" }, shown, bar);

  function put(block) {
    editor.commands.command(({ tr }) => Boolean(tr.setNodeAttribute(getPos(), "block", block)));
  }

  function move(way) {
    const { state } = editor;
    const index = state.doc.resolve(getPos()).index(0);
    const other = state.doc.maybeChild(index + way);
    if (!other) return;
    const from = getPos();
    const to = way < 0 ? from - other.nodeSize : from + other.nodeSize;
    editor.commands.command(({ tr }) => {
      tr.delete(from, from + current.nodeSize).insert(to, current);
      return true;
    });
  }

  async function show(block) {
    const html = await drawn(block);
    if (html !== null && current.attrs.block === block) shown.innerHTML = html;
  }

  show(node.attrs.block);
  return {
    dom,
    stopEvent: (event) => bar.contains(event.target),
    ignoreMutation: () => true,
    update(next) {
      if (next.type.name !== "piece" || next.attrs.block.type !== current.attrs.block.type) return false;
      const changed = next.attrs.block !== current.attrs.block;
      current = next;
      if (changed) show(next.attrs.block);
      return true;
    },
  };
}

/** Returns what a sheet's text is made of. pick: asks for what a block begins with, and puts it in. */
export function sheetExtensions({ book, edit, pick }) {
  const texts = extensions.map((one) => (one.name === "starterKit" ? one.configure({ ...one.options, document: false }) : one));
  return [Sheet, ...texts, Marks, pieceNode(book, edit), shortcuts(pick)];
}
