// What is running: asked again when a job ends (live), and every few seconds while one runs; says when one's own job ended.
const OWN = "agora-own-jobs";
const menu = document.querySelector("details[data-running]");
const sheet = menu?.querySelector("[hx-get]");
const lines = () => menu.querySelector("[data-jobs]");
const ask = () => sheet.dispatchEvent(new Event("ask"));
let timer;

function awaited() {
  try {
    return new Set(JSON.parse(localStorage.getItem(OWN) ?? "[]"));
  } catch {
    return new Set();
  }
}

/** Says what ended that this browser saw running, unless its page is open; remembers what runs. */
function compare() {
  const before = awaited();
  const now = [];
  for (const { dataset } of menu.querySelectorAll("[data-job][data-own]")) {
    if (!dataset.said) now.push(dataset.job);
    else if (before.has(dataset.job) && dataset.href !== location.pathname) {
      const detail = { message: dataset.said, kind: dataset.state === "failed" ? "danger" : "success", href: dataset.href };
      document.dispatchEvent(new CustomEvent("toast", { detail }));
    }
  }
  localStorage.setItem(OWN, JSON.stringify(now));
}

function later() {
  clearTimeout(timer);
  const isBusy = Number(lines().dataset.jobs) > 0;
  if (isBusy && !document.hidden) timer = setTimeout(ask, menu.open ? 1500 : 4000);
}

if (menu) {
  menu.addEventListener("toggle", () => menu.open && ask());
  sheet.addEventListener("htmx:afterRequest", later);
  document.addEventListener("htmx:afterSettle", ({ target }) => menu.contains(target) && compare());
  document.addEventListener("visibilitychange", () => !document.hidden && awaited().size && ask());
  // htmx hears the sheet once the page is ready.
  addEventListener("load", () => (Number(lines().dataset.jobs) > 0 || awaited().size) && ask());
}
