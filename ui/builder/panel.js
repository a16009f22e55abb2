// The settings on the right: the server makes the form of a block, or of the page, and reads what is typed into it.
import { complain, named } from "./complaints.js";
import { bodyOf, Owing } from "./owing.js";
import { copyOf, same } from "./tree.js";
import { typedIn } from "./typed.js";

const WAIT = 70;
const AGAIN = 4000;
const FOLDS = "agora-builder-folds";

export class Panel {
  constructor(editor, canvas, panel) {
    Object.assign(this, { editor, canvas, panel });
    this.body = panel.querySelector("[data-panel]");
    this.head = panel.querySelector("[data-panel-head]");
    this.shown = undefined;
    this.turn = 0;
    this.owing = new Owing(editor.page.id);
    editor.on("chosen", ({ id, was }) => (id !== this.shown || was === undefined) && this.#soon(id));
    editor.on("changed", ({ patches, quiet }) => this.#changed(patches, quiet));
    editor.on("written", ({ id, isStale }) => isStale && id === this.shown && !this.#isUsed() && this.#soon(id));
    for (const name of ["online", "saved"]) editor.on(name, () => this.#back());
    addEventListener("online", () => this.#back());
    editor.on("settings", ({ setting = "" }) => this.#focus(setting));
    editor.settles.push(() => this.#settle());
    for (const name of ["input", "change"]) this.body.addEventListener(name, (event) => this.#typed(event));
    this.body.addEventListener("media:described", () => this.shown !== null && canvas.again(this.shown));
    this.body.addEventListener("submit", (event) => event.preventDefault());
    this.body.addEventListener("toggle", (event) => this.#folded(event), true);
    this.#soon(null);
  }

  /** Reads what was typed into forms before this window was closed, and Agora did not hear of. */
  async begin() {
    const { count, at } = await this.owing.begin();
    if (!count) return;
    await this.#back();
    const time = new Date(at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    this.editor.notify(this.editor.say("found_again", { at: time }), "info");
  }

  #soon(id) {
    clearTimeout(this.timer);
    this.isLoading = true;
    this.shown = id;
    this.#title(id);
    this.timer = setTimeout(() => this.show(id), WAIT);
  }

  #isUsed() {
    return this.body.contains(document.activeElement);
  }

  #title(id) {
    const type = id && this.editor.type(id);
    this.head.querySelector("[data-icon]").innerHTML = type?.icon ?? this.editor.icons["file-text"];
    this.head.querySelector("[data-name]").textContent = type?.label ?? this.editor.say(id ? "unknown_block" : "page_settings");
    this.panel.toggleAttribute("data-of-page", id === null);
  }

  async show(id) {
    const { editor } = this;
    const turn = (this.turn += 1);
    const block = id !== null && editor.content.block(id);
    if (id !== null && !editor.type(id)) {
      this.isLoading = false;
      return this.body.replaceChildren();
    }
    const asked = copyOf(id === null ? { fields: editor.content.fields } : { block: own(block) });
    let html = "";
    this.isUnreached = false;
    try {
      const answer = await fetch(`${editor.base}/${id === null ? "page-panel" : "panel"}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(asked),
      });
      if (!answer.ok) throw answer;
      html = await answer.text();
    } catch {
      this.isUnreached = true;
      html = `<p class="note studio-unreached">${editor.say("panel_unreached")}</p>`;
    }
    if (turn !== this.turn) return;
    const wasIn = this.body.contains(document.activeElement);
    const top = this.body.scrollTop;
    this.body.innerHTML = html;
    /** What the form was made from: only what differs from it was typed there. */
    this.stands = asked.fields ?? JSON.parse(this.body.querySelector("[data-stands]")?.dataset.stands ?? "{}");
    const folds = this.#folds();
    for (const details of this.body.querySelectorAll("details[data-group]")) details.open = folds[details.dataset.group] ?? details.open;
    this.body.dispatchEvent(new Event("fields:added", { bubbles: true }));
    if (wasIn) this.body.scrollTop = top;
    this.#catchUp(id, asked.fields ?? asked.block);
    this.typed = this.#form ? typedIn(this.#form) : {};
    this.isLoading = false;
    editor.tell("panel", { id });
    this.#goToWanted();
  }

  get #form() {
    return this.body.querySelector("[data-settings], [data-page-settings]");
  }

  /** What changed on the page while the form was on its way stands in the form too. */
  #catchUp(id, asked) {
    const { content } = this.editor;
    if (id === null) this.#changed(pageDifferences(asked, content.fields), true);
    else if (content.has(id)) this.#changed(differences(id, asked, content.block(id), "settings"), true);
  }

  /** Goes to a setting by its name, or to the first, as soon as the form is there. */
  #focus(setting) {
    this.editor.tell("sheet", { name: "settings" });
    this.wanted = setting;
    if (!this.isLoading) this.#goToWanted();
  }

  #goToWanted() {
    const { wanted } = this;
    this.wanted = undefined;
    if (wanted === undefined) return;
    const field = wanted ? named(this.body, wanted) : null;
    for (let fold = field && field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const typed = "input:not([type=hidden]), select, textarea, button, [contenteditable]";
    const control = field ? (field.matches(typed) ? field : field.querySelector(typed)) : this.body.querySelector(typed);
    field?.scrollIntoView({ block: "center" });
    control?.focus({ preventScroll: Boolean(field) });
  }

  /** What was typed on the page, undone or merged stands in the form too. */
  #changed(patches, quiet) {
    if (this.isOwn) return;
    for (const patch of patches) {
      if (patch.does === "all") return this.#soon(this.shown);
      const isOfShown = patch.does === "set" ? patch.id === this.shown : patch.does === "field" && this.shown === null;
      if (!isOfShown) continue;
      const name = patch.does === "field" ? patch.name : patch.path.at(-1);
      const input = this.body.querySelector(`[name="${CSS.escape(name)}"]:is(input[type=text], textarea)`);
      if (quiet && input && typeof patch.after === "string") this.#follow(input, name, patch.after);
      else if (!quiet) return this.#soon(this.shown);
    }
    return undefined;
  }

  /** Words that are typed on the page reach the form when they rest. */
  #follow(input, name, words) {
    clearTimeout(this.following);
    const { stands } = this;
    this.following = setTimeout(() => {
      input.value = words;
      (stands.settings ?? stands)[name] = words;
    }, WAIT * 3);
  }

  #typed(event) {
    if (event.target.matches("[data-aside], [data-aside] *")) return;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => this.#readAll(), WAIT);
  }

  #readAll() {
    this.reading = null;
    return (this.read = Promise.all([this.#readBlock(), this.#readPage()]));
  }

  /** Reads what was typed at once, where that waits; returns when it stands in the content. */
  #settle() {
    clearTimeout(this.reading);
    if (this.reading) this.#readAll();
    return this.read;
  }

  async #readBlock() {
    const form = this.body.querySelector("[data-settings]");
    const id = form?.dataset.settings;
    if (!form || !this.editor.content.has(id)) return;
    if (!(await this.#readForm(id, new FormData(form), this.stands, { isShown: true }))) this.#keep(form, id);
  }

  async #readPage() {
    const form = this.body.querySelector("[data-page-settings]");
    if (form && !(await this.#readForm(null, new FormData(form), this.stands, { isShown: true }))) this.#keep(form, null);
  }

  /** Has a form read by the server, and does what was typed in it. Returns whether the server was reached. */
  #readForm(id, body, stands, { isShown }) {
    return id === null ? this.#readPageForm(body, stands, isShown) : this.#readBlockForm(id, body, stands, isShown);
  }

  async #readBlockForm(id, body, stands, isShown) {
    const { editor, canvas } = this;
    const [asked, stood] = [copyOf(own(editor.content.block(id))), copyOf(stands)];
    const children = editor.content.below(id);
    body.set("block", JSON.stringify({ ...asked, children: children.map(own) }));
    body.set("rank", String(canvas.ranks.get(id) ?? ""));
    body.set("kept", children.map((child) => child.id).join(" "));
    const found = await this.#post("settings", body, isShown);
    if (!found || !editor.content.has(id)) return found !== undefined;
    if (isShown) complain(this.body, found.errors);
    const patches = ["settings", "look"].flatMap((part) =>
      differences(id, asked, found.block, part).filter(({ path, after }) => !same(after, stood[part]?.[path[1]])),
    );
    const read = copyOf(own(found.block));
    for (const part of ["settings", "look"]) read[part] &&= followed(read[part], stands[part], stood[part]);
    Object.assign(stands, read);
    if (this.#run(patches, `panel:${id}`)) {
      if (canvas.isReady && !canvas.isBusy && same(own(editor.content.block(id)), own(found.block))) canvas.show({ [id]: found.html });
      else canvas.again(id);
    }
    const holder = editor.type(editor.content.parent(id));
    if (holder && holder.holds !== "anything") canvas.again(editor.content.parent(id));
    return true;
  }

  async #readPageForm(body, stands, isShown) {
    const [asked, stood] = [copyOf(this.editor.content.fields), copyOf(stands)];
    body.set("fields", JSON.stringify(asked));
    const found = await this.#post("page-fields", body, isShown);
    if (!found) return found !== undefined;
    if (isShown) complain(this.body, found.errors);
    const patches = pageDifferences(asked, found.fields).filter(({ name, after }) => !same(after, stood[name]));
    Object.assign(stands, copyOf(followed(found.fields, stands, stood)));
    this.#run(patches, "panel:page");
    if (isShown) this.editor.tell("page-fields", found);
    return true;
  }

  /** Does what was typed; what only stood in the form is left out before, as the page may have moved on since. */
  #run(patches, key) {
    const { content } = this.editor;
    const now = ({ does, id, path, name }) => (does === "field" ? content.fields[name] : content.block(id)[path[0]]?.[path[1]]);
    this.isOwn = true;
    const isChange = this.editor.run(patches.map((patch) => ({ ...patch, before: copyOf(now(patch)) })), { key, quiet: true });
    this.isOwn = false;
    return isChange;
  }

  /** Agora is not reached: what was typed is kept as it stands, like words on the page, and read when it is back. */
  #keep(form, id) {
    const { editor, canvas, stands } = this;
    if (!form.isConnected || (id !== null && !editor.content.has(id))) return;
    const typed = typedIn(form);
    const patches = [];
    for (const [name, value] of Object.entries(typed)) {
      if (same(value, this.typed[name])) continue;
      const [part, own] = name.startsWith("look.") ? ["look", name.slice(5)] : ["settings", name];
      const usual = id === null ? stands[name] : stands[part]?.[own];
      const after = typeof usual === "number" ? Number(value) : value;
      if (usual !== undefined && (typeof after !== typeof usual || Array.isArray(after) !== Array.isArray(usual))) continue;
      patches.push(id === null ? { does: "field", name, after } : { does: "set", id, path: [part, own], after });
    }
    this.typed = typed;
    if (this.#run(patches, `panel:${id ?? "page"}`) && id !== null) canvas.again(id);
    const taken = copyOf(stands);
    for (const { name, path, after } of patches) {
      if (path) taken[path[0]] = { ...taken[path[0]], [path[1]]: after };
      else taken[name] = after;
    }
    this.owing.put(id, form, taken);
    this.#owe();
  }

  /** What is kept here and not read yet is tried again from time to time, and is no longer called saved. */
  #owe() {
    const is = this.owing.forms.size > 0;
    clearTimeout(this.trying);
    if (is) this.trying = setTimeout(() => this.#back(), AGAIN);
    this.editor.tell("owed", { is });
  }

  /** Agora is back: settings that could not be shown are, and every form that was typed in is read. */
  async #back() {
    const was = this.owing.forms.size;
    for (const [id, form] of this.owing.take()) {
      if (id !== null && !this.editor.content.has(id)) continue;
      if (id === this.shown && !this.isLoading && this.#form) await this.#readAll();
      else if (!(await this.#readForm(id, bodyOf(form), form.stands, { isShown: false }))) this.owing.back(id, form);
    }
    if (was) this.#owe();
    if (this.isUnreached) this.#soon(this.shown);
  }

  /** Returns what the server answers; null for a refusal or an answer that is late, undefined where it is not reached. */
  async #post(name, body, isShown) {
    const turn = isShown ? (this.sent = (this.sent ?? 0) + 1) : 0;
    try {
      const answer = await fetch(`${this.editor.base}/${name}`, { method: "POST", headers: { accept: "application/json" }, body });
      const found = await answer.json();
      if (!answer.ok) throw found;
      return !isShown || turn === this.sent ? found : null;
    } catch (refused) {
      if (refused instanceof Error || refused?.status >= 500) return undefined;
      this.editor.notify(refused?.detail ?? this.editor.say("panel_unreached"), "warning");
      return null;
    }
  }

  /** Groups stay as they were folded in this window. */
  #folded({ target }) {
    if (target.dataset?.group) sessionStorage.setItem(FOLDS, JSON.stringify({ ...this.#folds(), [target.dataset.group]: target.open }));
  }

  #folds() {
    return JSON.parse(sessionStorage.getItem(FOLDS) ?? "{}");
  }
}

/** Returns what was read, but for the words that came to the form from the page while it was being read. */
function followed(found, stands = {}, stood = {}) {
  return { ...found, ...Object.fromEntries(changed(stood, stands).map((name) => [name, stands[name]])) };
}

/** Returns a block without what stands in it. */
function own({ children, ...block }) {
  return block;
}

function differences(id, block, found, part) {
  const [before, after] = [block[part] ?? {}, found[part] ?? {}];
  return changed(before, after).map((name) => ({ does: "set", id, path: [part, name], after: after[name] }));
}

function pageDifferences(before, after) {
  return changed(before, after).map((name) => ({ does: "field", name, after: after[name] }));
}

/** Returns the names of what is not the same in two objects. */
function changed(before, after) {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !same(before[name], after[name]));
}
