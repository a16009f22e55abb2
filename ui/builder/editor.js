// The state that every part of the builder shares: the content, its log, what is chosen, and who is told of changes.
import { Log } from "./log.js";
import { Content } from "./tree.js";

export class Editor extends EventTarget {
  constructor({ page, book, groups, me, words, icons }, base) {
    super();
    Object.assign(this, { page, book, groups, me, words, icons, base });
    this.edit = page.edit;
    this.content = new Content(page.content);
    this.log = new Log(this.content, (patches, how, more) => this.#applied(patches, how, more));
    this.chosen = null;
    this.settles = [];
  }

  /** Returns when all that was typed anywhere stands in the content. */
  settle() {
    return Promise.all(this.settles.map((finish) => finish()));
  }

  get api() {
    return `/api/v1/pages/${this.page.id}`;
  }

  /** Says a sentence of the server's, with values in it. */
  say(key, values = {}) {
    return (this.words[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  }

  on(name, hear) {
    this.addEventListener(name, (event) => hear(event.detail ?? {}));
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  run(patches, more) {
    return this.log.run(patches, more);
  }

  #applied(patches, how, { select, quiet }) {
    const wanted = select !== undefined ? select : this.chosen;
    this.tell("changed", { patches, how, quiet: quiet && how === "do" });
    if (select !== undefined || !this.content.has(this.chosen)) {
      this.choose(this.content.has(wanted) ? wanted : null, { from: "log" });
    }
  }

  /** Chooses a block, or the page for null. from: which part did, so that it does not answer itself. */
  choose(id, { from = "" } = {}) {
    const is = id !== null && this.content.has(id) ? id : null;
    const was = this.chosen;
    this.chosen = is;
    this.tell("chosen", { id: is, was, from });
  }

  type(id) {
    return this.book[this.content.block(id)?.type];
  }

  /** Returns what a block is called in the tree: its own words, or its type's. */
  title(block) {
    const type = this.book[block.type];
    const text = type?.titled ? String(block.settings?.[type.titled] ?? "") : "";
    return plainText(text).slice(0, 60) || type?.label || block.type;
  }

  /** Whether a block of a type may stand in another block, or on the page (null). */
  takes(parent, typeName) {
    const type = this.book[typeName];
    if (!type) return false;
    if (parent === null) return !type.inside.length;
    const holder = this.type(parent);
    if (!holder || this.content.below(parent).length >= holder.most) return false;
    if (type.inside.length) return type.inside.includes(holder.name);
    return holder.holds === "anything" || holder.holds.includes(typeName);
  }

  notify(message, kind = "success") {
    document.dispatchEvent(new CustomEvent("toast", { detail: { message, kind } }));
  }
}

const parser = document.createElement("template");

/** Returns the words of HTML, or a text as it is. */
export function plainText(text) {
  if (!text.includes("<") && !text.includes("&")) return text;
  parser.innerHTML = text.replace(/<(\/(p|h\d|li|td|th|blockquote|div)|br)\b/g, " $&");
  return parser.content.textContent.replace(/\s+/g, " ").trim();
}

/** Asks our own server with JSON; throws { status, problem } for a refusal, { status: 0 } for no answer. */
export async function ask(address, { method = "POST", body, signal } = {}) {
  let answer;
  try {
    answer = await fetch(address, {
      method,
      signal,
      headers: { accept: "application/json", ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    throw { status: 0, error };
  }
  const found = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw { status: answer.status, problem: found ?? {} };
  return found;
}
