// What can be done with a block. Each makes the patches of one entry of the log.
import { copyOf, renewed, ROOT } from "./tree.js";

/** Returns a new block of a type, with what such blocks come with. */
export function made(editor, typeName, settings = {}) {
  const fresh = renewed(editor.book[typeName].new);
  fresh.settings = { ...fresh.settings, ...settings };
  return fresh;
}

export function insert(editor, block, parent, index) {
  editor.run([{ does: "put", parent, index, block }], { select: block.id });
  return block.id;
}

/** Puts a new block where it fits best near a block: in it where it is empty and may hold it, else after it. */
export function add(editor, block, near = editor.chosen) {
  const spot = spotNear(editor, block.type, near);
  return spot ? insert(editor, block, spot.parent, spot.index) : null;
}

export function spotNear(editor, typeName, near) {
  const { content } = editor;
  if (near !== null && editor.takes(near, typeName) && !content.below(near).length) return { parent: near, index: 0 };
  for (let at = near; at !== ROOT; at = content.parent(at)) {
    const parent = content.parent(at);
    if (editor.takes(parent, typeName)) return { parent, index: content.index(at) + 1 };
    if (editor.takes(at, typeName)) return { parent: at, index: content.below(at).length };
  }
  return editor.takes(ROOT, typeName) ? { parent: ROOT, index: content.blocks.length } : null;
}

function taking(content, id) {
  const { parent, index } = content.place(id);
  return { does: "take", parent, index, block: copyOf(content.block(id)) };
}

export function remove(editor, id) {
  const { content } = editor;
  const { parent, index } = content.place(id);
  const beside = content.below(parent);
  const next = beside[index + 1] ?? beside[index - 1];
  editor.run([taking(content, id)], { select: next?.id ?? parent });
}

export function duplicate(editor, id) {
  const { content } = editor;
  const { parent, index } = content.place(id);
  if (!editor.takes(parent, content.block(id).type)) return;
  insert(editor, renewed(content.block(id)), parent, index + 1);
}

export function move(editor, id, to) {
  return editor.run([{ does: "move", id, from: editor.content.place(id), to }], { select: id });
}

/** Moves a block by one place up (-1) or down (1); at the end of its block it steps out of it, where it may. */
export function step(editor, id, by) {
  const { content } = editor;
  const { parent, index } = content.place(id);
  const to = index + by;
  if (to >= 0 && to < content.below(parent).length) return move(editor, id, { parent, index: to });
  return leave(editor, id, by < 0 ? 0 : 1);
}

/** Moves a block out of the one it stands in: before it (0) or after it (1). */
export function leave(editor, id, after = 1) {
  const { content } = editor;
  const holder = content.parent(id);
  if (holder === ROOT) return false;
  const above = content.parent(holder);
  if (!editor.takes(above, content.block(id).type)) return false;
  return move(editor, id, { parent: above, index: content.index(holder) + after });
}

/** Moves a block into the one before it, as its last; where that holds others that would take it, into the last of those. */
export function enter(editor, id) {
  const { content } = editor;
  const { parent, index } = content.place(id);
  const before = content.below(parent)[index - 1];
  const holder = before && holderIn(editor, before, content.block(id).type);
  return Boolean(holder) && move(editor, id, { parent: holder, index: content.below(holder).length });
}

function holderIn(editor, block, typeName) {
  if (editor.takes(block.id, typeName)) return block.id;
  for (const child of [...editor.content.below(block.id)].reverse()) {
    const found = holderIn(editor, child, typeName);
    if (found) return found;
  }
  return null;
}

export function hide(editor, id) {
  const is = editor.content.block(id).hidden;
  editor.run([{ does: "set", id, path: ["hidden"], before: is, after: is ? undefined : true }]);
}

export function canWrap(editor, id, around) {
  const { content } = editor;
  const block = content.block(id);
  if (!block || !editor.book[around]?.allowed || !editor.takes(content.parent(id), around)) return false;
  const inner = around === "columns" ? "column" : around;
  return !editor.book[block.type]?.inside.length && editor.book[inner]?.holds === "anything";
}

/** Puts a section, or columns, around a block. */
export function wrap(editor, id, around) {
  if (!canWrap(editor, id, around)) return;
  const { content } = editor;
  const { parent, index } = content.place(id);
  const block = copyOf(content.block(id));
  const holder = made(editor, around);
  if (around === "columns") holder.children[0].children = [block];
  else holder.children = [block];
  editor.run([taking(content, id), { does: "put", parent, index, block: holder }], { select: holder.id });
}

/** Returns the blocks that would stand in place of a block that is taken away around them. */
function inside(editor, id) {
  const { content } = editor;
  const parent = content.parent(id);
  const found = [];
  for (const child of content.below(id)) {
    if (editor.takes(parent, child.type)) found.push(child);
    else found.push(...content.below(child.id));
  }
  return found.every((one) => editor.takes(parent, one.type)) ? found : [];
}

export function canUnwrap(editor, id) {
  return inside(editor, id).length > 0;
}

export function unwrap(editor, id) {
  const { content } = editor;
  const found = inside(editor, id).map(copyOf);
  if (!found.length) return;
  const { parent, index } = content.place(id);
  const puts = found.map((block, place) => ({ does: "put", parent, index: index + place, block }));
  editor.run([taking(content, id), ...puts], { select: found[0].id });
}

/** Puts blocks in place of a block. */
export function replace(editor, id, blocks, select) {
  const { content } = editor;
  const { parent, index } = content.place(id);
  const puts = blocks.map((block, place) => ({ does: "put", parent, index: index + place, block }));
  editor.run([taking(content, id), ...puts], { select: select ?? blocks[0]?.id });
}

/** Puts several blocks after a block (or in it, or at the end of the page), as one entry. */
export function addAll(editor, blocks, near = editor.chosen) {
  const spot = spotNear(editor, blocks[0].type, near);
  if (!spot || !blocks.every((block) => editor.takes(spot.parent, block.type))) return false;
  const puts = blocks.map((block, place) => ({ does: "put", parent: spot.parent, index: spot.index + place, block }));
  return editor.run(puts, { select: blocks[0].id });
}
