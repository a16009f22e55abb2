// Saving by itself: at most two seconds after the last key; what cannot be sent is kept in the browser meanwhile.
import { ask } from "./editor.js";
import { forget, keep, kept } from "./keeping.js";
import { bringTogether } from "./merging.js";
import { same } from "./tree.js";

const AFTER = 1000;
const KEPT_AFTER = 200;
const AGAIN = 4000;

export class Saving {
  constructor(editor, sign) {
    Object.assign(this, { editor, sign, saved: 0, state: "" });
    this.base = editor.content.plain();
    editor.on("changed", () => this.#changed());
    editor.on("owed", ({ is }) => (is ? this.#set("offline") : this.isDirty || this.#set("saved")));
    addEventListener("online", () => this.save());
    addEventListener("offline", () => this.isDirty && this.#set("offline"));
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.isDirty && this.save());
    this.#set("saved");
  }

  get isDirty() {
    return this.saved !== this.editor.log.turn;
  }

  /** Takes up what this browser kept, where it was not saved: as one step that can be undone, or merged. */
  async begin() {
    const { editor } = this;
    const found = await kept(editor.page.id);
    if (!found) return;
    if (same(found.content, this.base)) return void forget(editor.page.id);
    const at = new Date(found.at).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    if (found.edit === editor.edit) this.#adopt(found.content);
    else await this.#merge(found.base, found.content);
    editor.notify(editor.say("found_again", { at }), "info");
  }

  #changed() {
    if (this.state !== "offline") this.#set("dirty");
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.#keep(), KEPT_AFTER);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.state === "offline" ? AGAIN : AFTER);
  }

  #keep() {
    const { editor } = this;
    if (this.isDirty) return keep({ id: editor.page.id, edit: editor.edit, base: this.base, content: editor.content.plain(), at: Date.now() });
  }

  /** Saves what is not saved. note: also keeps it as a version of its own. Returns whether all is saved. */
  async save(note) {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    if (!this.isDirty && note === undefined) return true;
    this.running = this.#send(note);
    const is = await this.running;
    this.running = null;
    return is;
  }

  async #send(note) {
    const { editor } = this;
    const content = editor.content.plain();
    const { turn } = editor.log;
    this.#set("saving");
    try {
      const body = { edit: editor.edit, content, autosave: note === undefined, note: note ?? "" };
      const answer = await ask(`${editor.api}/draft`, { method: "PUT", body });
      editor.edit = answer.edit;
      this.base = content;
      this.saved = turn;
      editor.tell("saved", { note, isChanged: answer.changed });
      if (this.isDirty) this.#changed();
      else {
        clearTimeout(this.keeping);
        await forget(editor.page.id);
        this.#set("saved");
      }
      return !this.isDirty;
    } catch (refused) {
      return this.#refused(refused, content);
    }
  }

  async #refused({ status, problem }, content) {
    this.#keep();
    if (status === 409) return this.#merge(this.base, content);
    if (status === 0 || status >= 500) {
      this.#set("offline");
      this.timer = setTimeout(() => this.save(), AGAIN);
    } else if (status === 401) {
      this.#set("failed", this.editor.say("signed_out"));
    } else {
      this.#set("failed", problem?.detail);
    }
    return false;
  }

  /** Somebody else saved meanwhile: brings both together, asks about what clashes, and goes on from there. */
  async #merge(base, mine) {
    const { editor } = this;
    const found = await bringTogether(editor, base, mine);
    if (!found) return void this.#set("failed", editor.say("not_merged"));
    editor.edit = found.edit;
    this.base = found.content;
    this.#adopt(found.chosen);
    return false;
  }

  #adopt(content) {
    this.editor.run([{ does: "all", before: this.editor.content.plain(), after: content }]);
  }

  /** Takes what somebody else saved, where nothing here is unsaved. */
  async follow(edit) {
    const { editor } = this;
    if (edit <= editor.edit || this.isDirty || this.running) return;
    const { content, edit: now, updatedBy } = await ask(`${editor.api}/draft`, { method: "GET" });
    if (this.isDirty || now <= editor.edit) return;
    editor.edit = now;
    this.#adopt(content);
    this.base = editor.content.plain();
    this.saved = editor.log.turn;
    clearTimeout(this.timer);
    clearTimeout(this.keeping);
    this.#set("saved");
    editor.notify(editor.say("followed", { name: updatedBy }), "info");
  }

  #set(state, words) {
    const said = words ?? this.editor.say(`state_${state}`);
    if (this.state === state && this.said === said) return;
    Object.assign(this, { state, said });
    this.sign.dataset.state = state;
    this.sign.querySelector("[data-words]").textContent = said;
  }
}
