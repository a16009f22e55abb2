// Single keys and sequences, as the help sheet in the page declares them (data-keys). They can be switched off there.
import { openPalette } from "../palette/visits.js";
import { move, select } from "./rows.js";

const OFF = "agora-shortcuts";
const SOON = 1500;
const TYPING = "textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=toolbar], details.menu[open], " +
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
const sheet = document.querySelector("dialog[data-shortcuts]");
const rows = [...(sheet?.querySelectorAll("[data-keys]") ?? [])];
const known = new Map(rows.map((row) => [row.dataset.keys, row.dataset]));
const press = (selector) => document.querySelector(selector)?.click();
let before = "";
let timer;

const acts = {
  help: () => (sheet.open ? sheet.close() : press(`[data-opens="${sheet.id}"]`)),
  find() {
    const field = document.querySelector('main [data-shortcut="/"], main input[type="search"]');
    if (!field) return openPalette();
    field.focus();
    field.select();
  },
  add: () => press('main [data-shortcut="n"], main .page-header a[href$="/new"]'),
  next: () => move(1),
  previous: () => move(-1),
  select,
  edit: () => document.querySelector("main form[data-watched] :is(input:not([type=hidden], [type=checkbox]), textarea, select)")?.focus(),
  save: () => document.querySelector("form[data-changed]")?.requestSubmit(),
};

/** The letter of a key, also on keyboards of other scripts, where it is known by its place. */
function letter({ key, code }) {
  return /^[\x20-\x7e]$/.test(key) || !/^Key[A-Z]$/.test(code) ? key.toLowerCase() : code.slice(3).toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem(OFF) === "off" || event.target.closest?.(TYPING) || event.key.length > 1) return;
  const keys = before ? `${before} ${letter(event)}` : letter(event);
  clearTimeout(timer);
  before = "";
  const other = document.querySelector("dialog[open]");
  const found = known.get(keys);
  if (other && !(other === sheet && found?.does === "help")) return;
  if (found) {
    event.preventDefault();
    if (found.href) location.assign(found.href);
    else acts[found.does]();
  } else if ([...known.keys()].some((one) => one.startsWith(`${keys} `))) {
    before = keys;
    timer = setTimeout(() => (before = ""), SOON);
  }
});

const own = sheet?.querySelector("input[type=checkbox]");
if (own) {
  own.checked = localStorage.getItem(OFF) !== "off";
  own.addEventListener("change", () => localStorage.setItem(OFF, own.checked ? "on" : "off"));
}
