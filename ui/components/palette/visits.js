// Notes which thing's page somebody is at, for the palette; opens the palette, whose script comes when it is wanted first.
import { forget, remember } from "./recent.js";

const dialog = document.querySelector("dialog[data-script]");
const title = document.querySelector("main h1");
const isThing = /^\/admin\/[^/]+\/[^/]+$/.test(location.pathname) && !/\/(new|import|bin)$/.test(location.pathname);
if (dialog && title && isThing) remember(location.pathname, title.textContent.trim().slice(0, 120));

/** Opens the palette with what was typed elsewhere already. */
export async function openPalette(text = "") {
  if (!dialog || document.querySelector("dialog[open]:not([data-palette])")) return;
  const { open } = await import(dialog.dataset.script);
  open(text);
}

document.addEventListener("keydown", (event) => {
  if (!dialog || event.defaultPrevented || event.isComposing || event.altKey || event.shiftKey) return;
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  openPalette();
});

// A press on the topbar's field opens it; so does typing there, for who came by the keyboard.
const field = dialog && document.querySelector("[data-opens-palette]");
field?.addEventListener("click", () => openPalette(field.value));
field?.addEventListener("input", () => {
  if (field.value) openPalette(field.value);
});

addEventListener("submit", (event) => {
  const address = event.submitter?.getAttribute("formaction") ?? event.target.getAttribute("action");
  if (address === "/admin/sign-out") forget();
});
