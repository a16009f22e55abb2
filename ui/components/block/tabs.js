// Tabs of pages that people build: one part is shown, the arrow keys move, and an address with a part's name opens it.
function choose(tabs, name, focus = false) {
  for (const other of tabs.querySelectorAll(":scope > .block-tabs-list > .block-tabs-name")) {
    const is = other === name;
    const part = document.getElementById(other.hash.slice(1));
    other.setAttribute("aria-selected", String(is));
    other.tabIndex = is ? 0 : -1;
    part?.closest(".type-tab").toggleAttribute("data-shown", is);
  }
  if (focus) name.focus();
}

export function start(root = document) {
  for (const tabs of root.querySelectorAll("[data-tabs]")) {
    const list = tabs.querySelector(":scope > .block-tabs-list");
    list.setAttribute("role", "tablist");
    for (const name of list.children) {
      const part = document.getElementById(name.hash.slice(1));
      name.setAttribute("role", "tab");
      name.setAttribute("aria-controls", name.hash.slice(1));
      part?.setAttribute("role", "tabpanel");
      part?.setAttribute("aria-labelledby", name.id);
    }
    const asked = [...list.children].find((name) => name.hash && name.hash === location.hash);
    if (list.firstElementChild) choose(tabs, asked ?? list.querySelector("[aria-selected=true]") ?? list.firstElementChild);
  }
}

document.addEventListener("click", (event) => {
  const name = event.target.closest(".block-tabs-name");
  if (!name) return;
  event.preventDefault();
  choose(name.closest("[data-tabs]"), name);
});

document.addEventListener("keydown", (event) => {
  const name = event.target.closest?.(".block-tabs-name");
  const names = name && [...name.parentElement.children];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const turned = document.dir === "rtl" ? -1 : 1;
  const places = name && { Home: 0, End: names.length - 1 };
  const place = name && (step ? (names.indexOf(name) + step * turned + names.length) % names.length : places[event.key]);
  if (name && event.key === " ") name.click();
  if (!name || (place === undefined && event.key !== " ")) return;
  event.preventDefault();
  if (place !== undefined) choose(name.closest("[data-tabs]"), names[place], true);
});

start();
