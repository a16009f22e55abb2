// The builder: reads what the server gave, and joins its parts.
import { BlockMenu } from "./menu.js";
import { Canvas } from "./canvas.js";
import { Clipboard } from "./clipboard.js";
import { Drag } from "./drag.js";
import { Editor } from "./editor.js";
import { Keys } from "./keys.js";
import { Notes } from "./notes.js";
import { Outline } from "./outline.js";
import { Overlay } from "./overlay.js";
import { Palette, QuickList } from "./palette.js";
import { Panel } from "./panel.js";
import { Place } from "./place.js";
import { Presence } from "./presence.js";
import { Reuse } from "./reuse.js";
import { Saving } from "./saving.js";
import { Stage } from "./stage.js";
import { Bar } from "./text/bar.js";
import { Writing } from "./text/writing.js";
import { Topbar } from "./topbar.js";

const root = document.querySelector("[data-builder]");
const part = (name) => root.querySelector(`[data-${name}]`);
const editor = new Editor(JSON.parse(document.getElementById("builder-data").textContent), root.dataset.builder);

const outline = new Outline(editor, part("outline"));
new Palette(editor, part("palette-panel"));
const frame = part("canvas");
new Stage(editor, { stage: part("stage"), frame, root, switches: part("widths") });
const clipboard = new Clipboard(editor);
new BlockMenu(editor, clipboard, root);
const saving = new Saving(editor, part("saved"));
const bar = new Bar(part("format"), part("link-line"));

editor.on("canvas", ({ doc }) => {
  doc.documentElement.classList.add("studio-page");
  doc.addEventListener("click", (event) => {
    if (event.target.closest("a, button:not([class^=studio-]), summary")) event.preventDefault();
    if (!event.target.closest(".studio-tag, .studio-plus")) chosenOn(event);
  });
  doc.addEventListener("submit", (event) => event.preventDefault());
});

function chosenOn(event) {
  const id = canvas.idOf(event.target);
  if (id !== editor.chosen) editor.choose(id, { from: "canvas" });
}

const canvas = new Canvas(editor, frame);
const overlay = new Overlay(editor, canvas);
const writing = new Writing(editor, canvas, bar, part("table"));
new QuickList(editor, canvas);
new Place(editor, saving, part("settings-panel"));
const panel = new Panel(editor, canvas, part("settings-panel"));
new Reuse(editor, part("settings-panel"));
new Notes(editor, root);
new Drag(editor, canvas, overlay, outline);
const keys = new Keys({ editor, canvas, writing, saving });
new Topbar({ editor, saving, keys, canvas }, root);
canvas.begin();
const unsaved = saving.begin().then(() => panel.begin());
unsaved.then(() => new Presence(editor, overlay, saving, part("people")));
root.dataset.ready = "";
