// The settings on the right: the server makes the form of a block, or of the page, and reads what is typed into it.
import { complain, named } from "./complaints.js";
import { copyOf, same } from "./tree.js";
import { typedIn } from "./typed.js";

const WAIT = 70;
const FOLDS = "agora-builder-folds";

export class Panel {
  constructor(editor, canvas, panel) {
    Object.assign(this, { editor, canvas, panel });
    this.body = panel.querySelector("[data-panel]");
    this.head = panel.querySelector("[data-panel-head]");
    this.shown = undefined;
    this.turn = 0;
    editor.on("chosen", ({ id, was }) => (id !== this.shown || was === undefined) && this.#soon(id));
    editor.on("changed", ({ patches, quiet }) => this.#changed(patches, quiet));
    editor.on("written", ({ id, isStale }) => isStale && id === this.shown && !this.#isUsed() && this.#soon(id));
    for (const name of ["online", "saved"]) editor.on(name, () => this.#back());
    editor.on("settings", ({ setting = "" }) => this.#focus(setting));
    editor.settles.push(() => this.#settle());
    for (const name of ["input", "change"]) this.body.addEventListener(name, (event) => this.#typed(event));
    this.body.addEventListener("media:described", () => this.shown !== null && canvas.again(this.shown));
    this.body.addEventListener("submit", (event) => event.preventDefault());
    this.body.addEventListener("toggle", (event) => this.#folded(event), true);
    this.#soon(null);
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
    this.read = Promise.all([this.#readBlock(), this.#readPage()]);
  }

  /** Reads what was typed at once, where that waits; returns when it stands in the content. */
  #settle() {
    clearTimeout(this.reading);
    if (this.reading) this.#readAll();
    return this.read;
  }

  async #readBlock() {
    const { editor, canvas, stands } = this;
    const form = this.body.querySelector("[data-settings]");
    const id = form?.dataset.settings;
    if (!form || !editor.content.has(id)) return;
    const asked = copyOf(own(editor.content.block(id)));
    const children = editor.content.below(id);
    const body = new FormData(form);
    body.set("block", JSON.stringify({ ...asked, children: children.map(own) }));
    body.set("rank", String(canvas.ranks.get(id) ?? ""));
    body.set("kept", children.map((child) => child.id).join(" "));
    const found = await this.#post("settings", body);
    if (found === undefined) return this.#keep(form, id);
    if (!found || !editor.content.has(id)) return;
    complain(this.body, found.errors);
    const patches = ["settings", "look"].flatMap((part) =>
      differences(id, asked, found.block, part).filter(({ path, after }) => !same(after, stands[part]?.[path[1]])),
    );
    Object.assign(stands, copyOf(own(found.block)));
    if (this.#run(patches, `panel:${id}`)) {
      if (canvas.isReady && same(own(editor.content.block(id)), own(found.block))) canvas.show({ [id]: found.html });
      else canvas.again(id);
    }
    const holder = editor.type(editor.content.parent(id));
    if (holder && holder.holds !== "anything") canvas.again(editor.content.parent(id));
  }

  async #readPage() {
    const form = this.body.querySelector("[data-page-settings]");
    if (!form) return;
    const { stands } = this;
    const asked = copyOf(this.editor.content.fields);
    const body = new FormData(form);
    body.set("fields", JSON.stringify(asked));
    const found = await this.#post("page-fields", body);
    if (found === undefined) return this.#keep(form, null);
    if (!found) return;
    complain(this.body, found.errors);
    const patches = pageDifferences(asked, found.fields).filter(({ name, after }) => !same(after, stands[name]));
    Object.assign(stands, copyOf(found.fields));
    this.#run(patches, "panel:page");
    this.editor.tell("page-fields", found);
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
    this.isOwed = true;
    if (this.#run(patches, `panel:${id ?? "page"}`) && id !== null) canvas.again(id);
  }

  /** Agora is back: settings that could not be shown are, and what was kept is read as it is at other times. */
  #back() {
    if (this.isUnreached) return void this.#soon(this.shown);
    if (!this.isOwed) return;
    this.isOwed = false;
    this.#readBlock();
    this.#readPage();
  }

  /** Returns what the server answers; null for a refusal or an answer that is late, undefined where it is not reached. */
  async #post(name, body) {
    const turn = (this.sent = (this.sent ?? 0) + 1);
    try {
      const answer = await fetch(`${this.editor.base}/${name}`, { method: "POST", headers: { accept: "application/json" }, body });
      const found = await answer.json();
      if (!answer.ok) throw found;
      return turn === this.sent ? found : null;
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
