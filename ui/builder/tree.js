// A page's content as the builder holds it: fields and a tree of blocks, changed by patches that can be turned around.
//
// set:   { does, id, path: ["settings", "text"], before, after }     undefined: not there
// put:   { does, parent, index, block }     take: the same, turned around
// move:  { does, id, from: { parent, index }, to: { parent, index } }     indexes as if the block were not there
// field: { does, name, before, after }     of the page itself
// all:   { does, before, after }           whole contents
// A parent is a block's id, or null for the page.

export const ROOT = null;

export function copyOf(value) {
  return value === undefined ? undefined : structuredClone(value);
}

export function same(one, other) {
  if (one === other) return true;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => same(one[name], other[name]));
}

/** Returns a new id for a block, of letters and digits. */
export function newId() {
  const signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => signs[byte % signs.length]).join("");
}

/** Returns a copy of a block with ids of its own, all the way down. */
export function renewed(block) {
  const made = { ...copyOf(block), id: newId() };
  if (made.children) made.children = made.children.map(renewed);
  return made;
}

export function turned(patch) {
  const { does } = patch;
  if (does === "put") return { ...patch, does: "take" };
  if (does === "take") return { ...patch, does: "put" };
  if (does === "move") return { ...patch, from: patch.to, to: patch.from };
  return { ...patch, before: patch.after, after: patch.before };
}

export class Content {
  constructor(content) {
    this.load(content);
  }

  load(content) {
    const { blocks = [], ...fields } = copyOf(content);
    this.fields = fields;
    this.blocks = blocks;
    this.places = new Map();
    this.#index(blocks, ROOT);
  }

  #index(blocks, parent) {
    for (const block of blocks) {
      this.places.set(block.id, { block, parent });
      if (block.children) this.#index(block.children, block.id);
    }
  }

  #forget(block) {
    this.places.delete(block.id);
    block.children?.forEach((child) => this.#forget(child));
  }

  /** Returns the whole as the server takes it. */
  plain() {
    return { ...copyOf(this.fields), blocks: copyOf(this.blocks) };
  }

  has(id) {
    return this.places.has(id);
  }

  block(id) {
    return this.places.get(id)?.block;
  }

  parent(id) {
    return this.places.get(id)?.parent ?? ROOT;
  }

  /** Returns the blocks in a block, or those of the page. */
  below(parent) {
    if (parent === ROOT) return this.blocks;
    return this.block(parent)?.children ?? [];
  }

  index(id) {
    return this.below(this.parent(id)).indexOf(this.block(id));
  }

  place(id) {
    return { parent: this.parent(id), index: this.index(id) };
  }

  /** Returns the ids from the page down to a block, itself last. */
  trail(id) {
    const trail = [];
    for (let at = id; at !== ROOT && this.has(at); at = this.parent(at)) trail.unshift(at);
    return trail;
  }

  isInside(id, other) {
    return id !== ROOT && this.trail(id).includes(other);
  }

  /** Yields every block, each before what stands in it. */
  *walk(blocks = this.blocks) {
    for (const block of blocks) {
      yield block;
      if (block.children) yield* this.walk(block.children);
    }
  }

  apply(patch) {
    this[`_${patch.does}`](patch);
  }

  _set({ id, path, after }) {
    let holder = this.block(id);
    for (const name of path.slice(0, -1)) holder = holder[name] ??= {};
    const last = path.at(-1);
    if (after === undefined) delete holder[last];
    else holder[last] = copyOf(after);
  }

  _put({ parent, index, block }) {
    const own = copyOf(block);
    if (parent !== ROOT) this.block(parent).children ??= [];
    this.below(parent).splice(index, 0, own);
    this.#index([own], parent);
  }

  _take({ parent, index }) {
    const [gone] = this.below(parent).splice(index, 1);
    this.#forget(gone);
    if (parent !== ROOT && !this.below(parent).length) delete this.block(parent).children;
  }

  _move({ id, from, to }) {
    const { block } = this.places.get(id);
    this.below(from.parent).splice(from.index, 1);
    if (from.parent !== ROOT && !this.below(from.parent).length && from.parent !== to.parent) {
      delete this.block(from.parent).children;
    }
    if (to.parent !== ROOT) this.block(to.parent).children ??= [];
    this.below(to.parent).splice(to.index, 0, block);
    this.places.set(id, { block, parent: to.parent });
  }

  _field({ name, after }) {
    if (after === undefined) delete this.fields[name];
    else this.fields[name] = copyOf(after);
  }

  _all({ after }) {
    this.load(after);
  }
}
