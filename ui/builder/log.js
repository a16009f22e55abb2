// The log of what was done: each entry a list of patches that is undone and done again as one. It has no limit.
import { same, turned } from "./tree.js";

/** Typing at one place within this many milliseconds is one entry. */
const TOGETHER = 1500;

export class Log {
  /** applied: called with the patches after each change, and with what the change was: "do", "undo" or "redo". */
  constructor(content, applied) {
    this.content = content;
    this.applied = applied;
    this.done = [];
    this.undone = [];
    this.turn = 0;
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /** Does patches as one entry; what changes nothing is none. key: goes on with the last entry of this key.
      select: the block that is chosen after it. quiet: the page shows it already. */
  run(patches, { key = "", select, quiet = false } = {}) {
    const real = patches.filter((patch) => !isNothing(patch));
    if (!real.length) return false;
    real.forEach((patch) => this.content.apply(patch));
    this.#keep(real, key);
    this.undone = [];
    this.turn += 1;
    this.applied(real, "do", { select, quiet });
    return true;
  }

  #keep(patches, key) {
    const last = this.done.at(-1);
    const now = performance.now();
    if (!key || last?.key !== key || now - last.at > TOGETHER || last.isClosed) {
      this.done.push({ patches, key, at: now });
      return;
    }
    for (const patch of patches) {
      const older = last.patches.find((one) => isOfOnePlace(one, patch));
      if (older) older.after = patch.after;
      else last.patches.push(patch);
    }
    last.at = now;
    if (last.patches.every(isNothing)) this.done.pop();
  }

  /** Ends an entry that typing would go on with. */
  close() {
    const last = this.done.at(-1);
    if (last) last.isClosed = true;
  }

  undo() {
    const entry = this.done.pop();
    if (!entry) return false;
    const patches = entry.patches.map(turned).reverse();
    patches.forEach((patch) => this.content.apply(patch));
    this.undone.push(entry);
    this.turn += 1;
    this.applied(patches, "undo", {});
    return true;
  }

  redo() {
    const entry = this.undone.pop();
    if (!entry) return false;
    entry.patches.forEach((patch) => this.content.apply(patch));
    this.done.push({ ...entry, isClosed: true });
    this.turn += 1;
    this.applied(entry.patches, "redo", {});
    return true;
  }
}

function isNothing(patch) {
  if (patch.does === "move") return patch.from.parent === patch.to.parent && patch.from.index === patch.to.index;
  return "after" in patch && same(patch.before, patch.after);
}

function isOfOnePlace(one, other) {
  if (one.does !== other.does || !["set", "field"].includes(one.does)) return false;
  return one.does === "set" ? one.id === other.id && same(one.path, other.path) : one.name === other.name;
}
