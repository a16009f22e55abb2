// The panel of settings: what belongs to the draft is saved with it, the address and the time at once.
import { notice } from "./notices.js";
import { problem, send } from "./saving.js";
import { word } from "./words.js";

const TEXTS = ["excerpt", "seoTitle", "seoDescription"];
const SWITCHES = ["featured", "pinned", "comments"];
const LONGEST_TEXT = 160;

/** state: {id}. changed: called when the draft's part is another. Returns what reads it: {fields, article}. */
export function settingsPanel(form, state, { changed, begun }) {
  const panel = form.querySelector("[data-sheet-panel]");
  const openers = form.querySelectorAll("[data-sheet-settings]");
  const value = (name) => form.elements.namedItem(name)?.value ?? "";
  let tagIds = new Map();
  let naming = Promise.resolve();

  for (const opener of openers) {
    opener.addEventListener("click", () => {
      const isOpen = panel.toggleAttribute("data-open");
      openers[0].setAttribute("aria-expanded", String(isOpen));
      (isOpen ? panel.querySelector("input:not([type=hidden]), textarea") : openers[0]).focus();
    });
  }
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.hasAttribute("data-open")) return;
    panel.removeAttribute("data-open");
    openers[0].setAttribute("aria-expanded", "false");
    openers[0].focus();
  });

  function names() {
    return value("tags").split(/(?<!\\),/).map((name) => name.replaceAll("\\,", ",").trim()).filter(Boolean);
  }

  /** New words become tags before the draft names them. */
  async function named() {
    const unknown = names().filter((name) => !tagIds.has(name.toLocaleLowerCase()));
    if (unknown.length) {
      const answer = await send("POST", "/admin/articles/tags", { names: unknown });
      if (answer.ok) (await answer.json()).ids.forEach((id, place) => tagIds.set(unknown[place].toLocaleLowerCase(), id));
    }
    changed();
  }

  async function at(address, method, body, said) {
    await begun();
    const answer = await send(method, `/admin/articles/${state.id}/${address}`, body);
    const remove = notice(answer.ok ? said(await answer.json()) : await problem(answer));
    setTimeout(remove, 8_000);
  }

  panel.addEventListener("change", ({ target }) => {
    if (target.name === "slug" && target.value) {
      at("address", "POST", { slug: target.value.trim() }, ({ slug, url }) => {
        target.value = slug;
        return word("moved", { url });
      });
    }
    if (target.name === "publishAt") {
      at("schedule", "PUT", { publishAt: target.value ? zoned(target) : null, unpublishAt: null }, ({ publishAt }) => word(publishAt ? "planned" : "unplanned"));
    }
  });
  panel.addEventListener("input", ({ target }) => {
    if (["slug", "publishAt"].includes(target.name)) return;
    preview();
    changed();
    if (target.name === "tags") naming = naming.then(named);
  });

  function preview() {
    panel.querySelector("[data-preview-title]").textContent = value("seoTitle") || value("title");
    panel.querySelector("[data-preview-text]").textContent = (value("seoDescription") || value("excerpt")).slice(0, LONGEST_TEXT);
  }

  preview();
  return {
    preview,
    ready: () => naming,
    know: (tags) => (tagIds = new Map(tags)),
    read(before) {
      const checked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);
      const article = {
        ...before.article,
        categories: checked("categories"),
        tags: names().map((name) => tagIds.get(name.toLocaleLowerCase())).filter(Boolean),
        author: value("author"),
        series: value("series"),
        seriesPlace: Number(value("seriesPlace")) || 0,
        ...Object.fromEntries(SWITCHES.map((name) => [name, form.querySelector(`[name="${name}"]`)?.checked ?? false])),
      };
      const cover = form.querySelector('.media-chosen [name="cover"]')?.value ?? "";
      return { ...Object.fromEntries(TEXTS.map((name) => [name, value(name)])), cover, article };
    },
  };
}

/** A local time in the site's zone as a moment: the zone's own offset at that time is found by trying. */
function zoned(input) {
  const zone = input.closest(".field")?.querySelector(".control-affix")?.textContent.trim().replaceAll(" ", "_") || "UTC";
  const wanted = new Date(`${input.value}Z`);
  const shown = (moment) =>
    new Date(`${new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(moment).replace(" ", "T")}Z`);
  const first = new Date(wanted - (shown(wanted) - wanted));
  return new Date(first - (shown(first) - wanted)).toISOString();
}
