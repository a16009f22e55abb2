// The pages that somebody was at last, kept in this browser alone and under their name; signing out forgets them.
const MOST = 8;
const PREFIX = "agora-recent:";
const key = PREFIX + (document.querySelector("dialog[data-palette]")?.dataset.person ?? "");

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return Array.isArray(kept) ? kept.filter(({ href, label }) => /^\/admin(\/|$)/.test(href) && label) : [];
  } catch {
    return [];
  }
}

export function remember(href, label) {
  const others = recent().filter((one) => one.href !== href);
  try {
    localStorage.setItem(key, JSON.stringify([{ href, label }, ...others].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing has nothing recent.
  }
}

export function forget() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
}
