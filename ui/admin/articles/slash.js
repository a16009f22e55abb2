// The menu that opens with a slash at the beginning of a line.
import { icon, made } from "./words.js";

/** items: [{name, label, words, icon, run}]. Returns {update, onKey}. */
export function slashMenu(editor, place, items) {
  const list = made("div", { class: "slash", role: "listbox", id: "slash-menu", hidden: true });
  let offered = [];
  let at = 0;
  place.append(list);

  function typed() {
    const { empty, $from } = editor.state.selection;
    if (!empty || $from.depth !== 1 || $from.parent.type.name !== "paragraph" || $from.parentOffset !== $from.parent.content.size) return null;
    return /^\/([\p{L}\p{N} ]{0,20})$/u.exec($from.parent.textContent)?.[1] ?? null;
  }

  function close() {
    list.hidden = true;
    editor.view.dom.removeAttribute("aria-activedescendant");
  }

  function choose(item) {
    const { $from } = editor.state.selection;
    close();
    editor.chain().focus().deleteRange({ from: $from.start(), to: $from.end() }).run();
    item.run();
  }

  function draw() {
    list.replaceChildren(
      ...offered.map((item, place) => {
        const option = made(
          "div",
          { class: "slash-option", role: "option", id: `slash-${item.name}`, "aria-selected": String(place === at), onpointerdown: (event) => event.preventDefault(), onclick: () => choose(item) },
          icon(item.icon),
          item.label,
        );
        return option;
      }),
    );
    list.children[at]?.scrollIntoView({ block: "nearest" });
    editor.view.dom.setAttribute("aria-activedescendant", `slash-${offered[at].name}`);
  }

  return {
    update() {
      const words = typed()?.trim().toLocaleLowerCase();
      if (words === undefined) return close();
      offered = items.filter((item) => `${item.label} ${item.words} ${item.name}`.toLocaleLowerCase().includes(words));
      if (!offered.length) return close();
      at = Math.min(at, offered.length - 1);
      const line = editor.view.coordsAtPos(editor.state.selection.from);
      const box = place.getBoundingClientRect();
      list.style.insetInlineStart = "0";
      list.hidden = false;
      draw();
      const isBelow = line.bottom + list.offsetHeight + 60 < innerHeight;
      list.style.insetBlockStart = `${(isBelow ? line.bottom + 6 : line.top - list.offsetHeight - 6) - box.top}px`;
    },
    onKey(event) {
      if (list.hidden) return false;
      if (event.key === "Escape") close();
      else if (event.key === "Enter" || event.key === "Tab") choose(offered[at]);
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = (at + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
        draw();
      } else return false;
      event.preventDefault();
      return true;
    },
  };
}
