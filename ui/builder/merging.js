// Two people wrote on one page: the server brings it together; what clashes is chosen here, block by block.
import { ask, plainText } from "./editor.js";
import { Content, copyOf } from "./tree.js";

/** Returns { content, chosen, edit }: the draft that both are in, with what was chosen; null where that failed. */
export async function bringTogether(editor, base, mine) {
  let found;
  try {
    found = await ask(`${editor.api}/merge`, { body: { base, mine } });
  } catch {
    return null;
  }
  if (!found.conflicts.length) editor.notify(editor.say("merged"), "info");
  const picks = found.conflicts.length ? await choose(editor, found) : [];
  return { ...found, chosen: withChoices(found, picks) };
}

/** Asks about each clash; theirs stands unless mine is picked. */
function choose(editor, { content, conflicts }) {
  const dialog = document.querySelector("[data-conflicts]");
  const list = dialog.querySelector("[data-list]");
  const merged = new Content(content);
  list.replaceChildren(...conflicts.map((clash, place) => line(editor, merged, clash, place)));
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      const form = new FormData(event.target);
      dialog.close();
      done(conflicts.map((clash, place) => form.get(`clash-${place}`) === "mine"));
    };
  });
}

function line(editor, merged, clash, place) {
  const group = document.createElement("fieldset");
  group.className = "studio-clash";
  const block = clash.blockId && merged.block(clash.blockId);
  const where = block ? editor.title(block) : clash.blockId ? editor.say("a_block") : editor.say("the_page");
  group.append(Object.assign(document.createElement("legend"), { textContent: where }));
  const [mine, theirs] = sides(editor, clash);
  group.append(option(place, "mine", editor.say("mine"), mine), option(place, "theirs", editor.say("theirs"), theirs));
  group.querySelector("[value=mine]").checked = true;
  return group;
}

function sides(editor, { what = "value", mine, theirs }) {
  if (what === "deleted_by_me") return [editor.say("deleted"), editor.say("changed")];
  if (what === "deleted_by_them") return [editor.say("changed"), editor.say("deleted")];
  if (what === "place") return [editor.say("my_place"), editor.say("their_place")];
  return [said(mine), said(theirs)];
}

function said(value) {
  const text = value === null || value === undefined ? "" : typeof value === "string" ? plainText(value) : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text || "–";
}

function option(place, value, label, text) {
  const holder = document.createElement("label");
  holder.className = "studio-clash-side";
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: `clash-${place}`, value, className: "choice-dot" });
  const words = document.createElement("span");
  words.append(Object.assign(document.createElement("strong"), { textContent: label }), Object.assign(document.createElement("span"), { textContent: text }));
  holder.append(radio, words);
  return holder;
}

function withChoices({ content, conflicts }, picks) {
  const merged = new Content(content);
  conflicts.forEach((clash, place) => settle(merged, clash, picks[place]));
  return merged.plain();
}

function settle(merged, { what = "value", blockId, setting, mine }, isMine) {
  if (what === "deleted_by_me" && isMine) return drop(merged, blockId);
  if (what === "deleted_by_them" && !isMine) return drop(merged, blockId);
  if (what === "place" && isMine && (mine === "" || merged.has(mine)) && !merged.isInside(mine || null, blockId)) {
    const to = { parent: mine || null, index: merged.below(mine || null).length };
    return merged.apply({ does: "move", id: blockId, from: merged.place(blockId), to });
  }
  if (what !== "value" || !isMine) return undefined;
  const after = mine === null ? undefined : copyOf(mine);
  if (!blockId) return merged.apply({ does: "field", name: setting, after });
  return merged.has(blockId) && merged.apply({ does: "set", id: blockId, path: setting.split("."), after });
}

function drop(merged, id) {
  if (merged.has(id)) merged.apply({ does: "take", ...merged.place(id), block: merged.block(id) });
}
