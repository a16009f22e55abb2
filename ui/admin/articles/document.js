// The tree of blocks as a text that is written, and back. Runs of text are `text` blocks that keep their ids; all else is a piece.
import { DOMParser as DocumentParser } from "@tiptap/pm/model";
import { isKept, parsed, written } from "../../fields/richtext/html.js";

const MARKED = { heading: ["text", "level"], text: ["text"] };

export function newId() {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => letters[byte % letters.length]).join("");
}

/** Returns blocks as the JSON of a document. */
export function docOf(blocks, schema) {
  const content = blocks.flatMap((block) => nodesOf(block, schema));
  if (!content.length || content.at(-1).type === "piece") content.push({ type: "paragraph" });
  return { type: "doc", content };
}

function nodesOf(block, schema) {
  const settings = block.settings ?? {};
  const { children, ...mark } = block;
  if (children?.length) return [pieceOf(block)];
  if (block.type === "text" && isKept(settings.text ?? "", schema)) {
    const nodes = DocumentParser.fromSchema(schema).parse(parsed(settings.text ?? "")).toJSON().content ?? [{ type: "paragraph" }];
    nodes[0].attrs = { ...nodes[0].attrs, block: mark };
    return nodes;
  }
  if (block.type === "heading" && Object.keys(settings).every((name) => MARKED.heading.includes(name) || !settings[name] || settings[name] === "auto")) {
    const level = Number(settings.level ?? 2);
    return [{ type: "heading", attrs: { level, block: mark }, content: settings.text ? [{ type: "text", text: settings.text }] : [] }];
  }
  return [pieceOf(block)];
}

export function pieceOf(block) {
  return { type: "piece", attrs: { block } };
}

/** Returns {blocks, fresh}: the document as blocks, and [position, mark] of runs that got an id now. */
export function blocksOf(doc, schema) {
  const blocks = [];
  const fresh = [];
  const used = new Set();
  let run = null;

  function close() {
    if (!run) return;
    const text = written(doc.type.create(null, run.nodes), schema);
    const ended = run;
    run = null;
    if (!text) return;
    if (!ended.mark) {
      ended.mark = { id: newId(), type: "text" };
      fresh.push([ended.at, ended.mark]);
    }
    used.add(ended.mark.id);
    blocks.push({ ...ended.mark, type: "text", settings: { ...rest(ended.mark, "text"), text } });
  }

  doc.forEach((node, at) => {
    const mark = node.attrs.block;
    const isNew = mark && !used.has(mark.id);
    if (node.type.name === "piece") {
      close();
      const block = isNew ? mark : { ...mark, id: newId() };
      if (!isNew) fresh.push([at, block]);
      used.add(block.id);
      return void blocks.push(block);
    }
    if (isNew && mark.type === "heading" && node.type.name === "heading" && isPlain(node)) {
      close();
      used.add(mark.id);
      const own = { ...rest(mark, "heading"), text: node.textContent, level: String(Math.min(Math.max(node.attrs.level, 2), 4)) };
      return void (node.textContent && blocks.push({ ...mark, settings: own }));
    }
    const begins = isNew && mark.type === "text";
    if (begins && run?.mark) close();
    run ??= { at, mark: null, nodes: [] };
    if (begins) {
      run.mark = mark;
      used.add(mark.id);
    }
    run.nodes.push(node);
  });
  close();
  return { blocks, fresh };
}

function rest(mark, type) {
  return Object.fromEntries(Object.entries(mark.settings ?? {}).filter(([name]) => !MARKED[type].includes(name)));
}

function isPlain(node) {
  let plain = true;
  node.forEach((child) => (plain &&= child.isText && !child.marks.length));
  return plain;
}
