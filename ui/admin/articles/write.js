// A sheet of paper: title, text, and blocks in it. The plain form under it is all there is without scripts.
import { Editor } from "@tiptap/core";
import { choose } from "../../fields/image/picker.js";
import { pastedOnSheet } from "../../fields/richtext/paste.js";
import { blocksOf, docOf, newId, pieceOf } from "./document.js";
import { picturesIn, sent, withoutPictures } from "./files.js";
import { floatingBar } from "./floating.js";
import { editBlock } from "./forms.js";
import { choice, notice, say } from "./notices.js";
import { sheetExtensions } from "./pieces.js";
import { problem, saver, send, withMine } from "./saving.js";
import { settingsPanel } from "./settings.js";
import { slashMenu } from "./slash.js";
import { word } from "./words.js";

const data = JSON.parse(document.getElementById("sheet-data").textContent);
const form = document.querySelector("[data-sheet]");
const title = form.querySelector("[data-sheet-title]");
const place = form.querySelector("[data-sheet-text]");
const count = form.querySelector("[data-sheet-count]");
const state = { id: data.id, edit: data.edit, content: data.content };
const QUIET = "quiet";
let blocks = data.content.blocks ?? [];
let rest = data.content;

const editor = new Editor({
  element: place,
  extensions: sheetExtensions({ book: data.book, edit, pick }),
  injectCSS: false,
  editorProps: {
    attributes: { class: "prose", role: "textbox", "aria-multiline": "true", "aria-label": word("place"), spellcheck: "true", lang: data.locale },
    handleKeyDown: (_view, event) => slash.onKey(event) || linked(event),
    handlePaste: (_view, event) => took(picturesIn(event.clipboardData), event),
    handleDrop: (view, event, _slice, moved) => !moved && took(picturesIn(event.dataTransfer), event, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos),
    transformPastedHTML: cleaned,
  },
  onTransaction: ({ transaction }) => {
    slash.update();
    bar.update();
    emptyLine();
    if (transaction.docChanged && !transaction.getMeta(QUIET)) written();
  },
  onFocus: () => bar.update(),
  onBlur: () => setTimeout(() => bar.update(), 50),
});
const offers = [
  { name: "heading", label: word("heading"), words: "h2 title", icon: "heading-2", run: () => editor.chain().focus().setHeading({ level: 2 }).run() },
  { name: "subheading", label: word("subheading"), words: "h3", icon: "heading-3", run: () => editor.chain().focus().setHeading({ level: 3 }).run() },
  { name: "list", label: word("list"), words: "bullets", icon: "list", run: () => editor.chain().focus().toggleBulletList().run() },
  { name: "numbers", label: word("numbers"), words: "ordered", icon: "list-ordered", run: () => editor.chain().focus().toggleOrderedList().run() },
  ...data.slash.map((name) => ({ name, label: data.book[name].label, words: data.book[name].words, icon: data.book[name].icon, run: () => pick(name) })),
];
const slash = slashMenu(editor, place, offers);
const bar = floatingBar(editor, place);
const panel = settingsPanel(form, state, { changed: () => saving.changed(), begun: () => saving.save() });
const saving = saver(state, {
  read,
  on: {
    waiting: () => say(word("waiting")),
    saving: () => say(word("saving")),
    saved: () => say(word("saved")),
    offline: () => say(word("offline")),
    refused: (reason) => say(word("refused", { reason })),
    begun: (id, url, author) => {
      const by = form.elements.namedItem("author");
      if (author && !by.value) by.append(new Option(author.name, author.id, true, true));
      history.replaceState(null, "", `/admin/articles/${id}/write`);
      form.action = `/admin/articles/${id}/write`;
      const slug = form.elements.namedItem("slug");
      slug.value ||= url.split("/").at(-1);
    },
    both: (name, content, isChosen) => {
      show(content);
      if (!isChosen) notice(word("both", { name }), [[word("close"), () => {}]]);
    },
    clash: async (name, content, clashes) => ((await choice(name, clashes)) === "mine" ? withMine(content, clashes) : content),
  },
});

function show(content) {
  rest = content;
  blocks = content.blocks ?? [];
  title.value = content.title ?? title.value;
  editor.chain().setContent(docOf(blocks, editor.schema), { emitUpdate: false }).setMeta(QUIET, true).run();
  counted();
}

function read() {
  const found = blocksOf(editor.state.doc, editor.schema);
  if (found.fresh.length) {
    const { tr } = editor.state;
    for (const [at, mark] of found.fresh) tr.setNodeAttribute(at, "block", mark);
    editor.view.dispatch(tr.setMeta(QUIET, true).setMeta("addToHistory", false));
  }
  blocks = found.blocks;
  return { ...rest, ...panel.read(rest), title: title.value.replace(/\s+/g, " ").trim(), blocks };
}

function written() {
  counted();
  saving.changed();
}

function counted() {
  const text = `${editor.getText()} ${blocks.filter((block) => block.type !== "text").map((block) => JSON.stringify(Object.values(block.settings ?? {}))).join(" ")}`;
  const segments = new Intl.Segmenter(data.locale, { granularity: "word" }).segment(text);
  const words = [...segments].filter((segment) => segment.isWordLike).length;
  count.textContent = word("count", { words: words.toLocaleString(data.locale), minutes: Math.max(1, Math.round(words / 230)) });
}

function emptyLine() {
  for (const old of place.querySelectorAll(".is-empty-place")) old.classList.remove("is-empty-place");
  const { empty, $from } = editor.state.selection;
  const isPlace = empty && $from.depth === 1 && $from.parent.type.name === "paragraph" && !$from.parent.content.size;
  if (!isPlace) return;
  const line = editor.view.nodeDOM($from.before(1));
  line?.setAttribute?.("data-place", word("place"));
  line?.classList?.add("is-empty-place");
}

function edit(block, done) {
  editBlock(block, data.book[block.type] ?? { label: block.type, fields: [], holds: true }, done);
}

/** Puts a block behind the part of the text that a position is in, or in place of it where it is an empty line. */
function put(block, at = editor.state.selection.to) {
  const inside = editor.state.doc.resolve(at);
  const isEmpty = inside.depth === 1 && !inside.parent.content.size;
  const behind = inside.depth ? inside.after(1) : at;
  const range = { from: isEmpty ? inside.before(1) : behind, to: behind };
  editor.chain().focus().insertContentAt(range, pieceOf({ id: newId(), ...block })).run();
}

/** Asks for what a block begins with, and puts it in. */
function pick(name, { alt = "" } = {}) {
  if (name === "image") {
    return choose({ kind: "image", from: editor.view.dom }, (one) => put({ type: "image", settings: { image: one.id, ...(alt && { alt }) } }));
  }
  if (name === "gallery") {
    const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", multiple: true });
    input.addEventListener("change", () => gallery([...input.files]));
    return input.click();
  }
  if (name === "divider") return put({ type: name, settings: {} });
  const block = { type: name, settings: {} };
  return edit(block, (chosen) => put(chosen));
}

async function gallery(files) {
  const ids = (await Promise.all(files.map(taken))).filter(Boolean);
  if (!ids.length) return;
  put({ type: "gallery", settings: {}, children: ids.map((image) => ({ id: newId(), type: "gallery-picture", settings: { image } })) });
}

async function taken(file) {
  const remove = notice(word("uploading", { name: file.name }));
  try {
    return await sent(file);
  } catch (reason) {
    notice(word("failed", { name: file.name, reason: String(reason) }), [[word("close"), () => {}]]);
    return null;
  } finally {
    remove();
  }
}

function took(files, event, at) {
  if (!files.length || event.clipboardData?.types.includes("text/html")) return false;
  event.preventDefault();
  takeAll(files, at);
  return true;
}

async function takeAll(files, at) {
  for (const file of files) {
    const id = await taken(file);
    if (id) put({ type: "image", settings: { image: id } }, at ?? editor.state.selection.to);
  }
}

function cleaned(html) {
  if (html.includes("data-piece=")) return html;
  const { html: bare, files, elsewhere } = withoutPictures(html);
  if (files.length) setTimeout(() => takeAll(files), 0);
  if (elsewhere) notice(word("elsewhere"), [[word("close"), () => {}]]);
  return pastedOnSheet(bare);
}

function linked(event) {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k" || editor.state.selection.empty) return false;
  event.preventDefault();
  event.stopPropagation();
  bar.ask();
  return true;
}

title.addEventListener("input", () => {
  panel.preview();
  saving.changed();
});
title.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && !(event.key === "ArrowDown" && title.selectionEnd === title.value.length)) return;
  event.preventDefault();
  editor.commands.setTextSelection(1);
  editor.view.focus(); // at once: what is typed next must not land in the title
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  saving.changed();
  saving.save({ autosave: false });
});
form.querySelector("[data-sheet-publish]").addEventListener("click", async () => {
  await panel.ready();
  saving.changed();
  if (!(await saving.save({ autosave: false }))) return;
  const answer = await send("POST", `/admin/articles/${state.id}/publish`, { edit: state.edit });
  if (!answer.ok) return void notice(await problem(answer), [[word("close"), () => {}]]);
  location.assign(`/admin/articles/${state.id}/write?published`);
});
form.querySelector("[data-sheet-focus]").addEventListener("click", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-pressed", String(form.toggleAttribute("data-focus")));
});

form.setAttribute("data-alive", "");
place.hidden = false;
form.querySelector(".sheet-plain").remove();
panel.know((data.tags ?? []).map(([id, name]) => [name.toLocaleLowerCase(), id]));
show(data.content);
if (location.search.includes("published")) {
  history.replaceState(null, "", location.pathname);
  notice(word("published"), [[word("close"), () => {}]]);
}
const kept = saving.kept();
if (kept) {
  const bring = () => {
    show({ ...rest, ...kept.content });
    saving.changed();
  };
  notice(word("kept"), [[word("bring"), bring], [word("drop"), () => saving.forget()]]);
}
if (!data.id) title.focus();
