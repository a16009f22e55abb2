// Asks for consent where the question is open, remembers the answer, and shows what waited for it.
// Others listen: document.addEventListener("agora:consent", ({ detail }) => detail.statistics && …); it comes once when
// the page is there, and again with every answer.
const COOKIE = "agora_consent";
const DAYS = 180;
const banner = document.querySelector("[data-consent]");

/** Returns what was answered, by category: `{ statistics: true, external_media: false }`. */
export function answers() {
  const kept = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";
  const [version, ...said] = kept.split(".");
  if (!banner || version !== banner.dataset.version) return {};
  return Object.fromEntries(said.map((one) => [one.slice(0, -2), one.endsWith("-1")]));
}

function keep(said) {
  const parts = Object.entries(said).sort().map(([category, yes]) => `${category}-${yes ? 1 : 0}`);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${[banner.dataset.version, ...parts].join(".")}; Path=/; Max-Age=${DAYS * 86400}; SameSite=Lax${secure}`;
  apply();
}

function open(gate) {
  const content = gate.querySelector("template")?.content;
  if (content) gate.replaceWith(content.cloneNode(true));
}

function apply() {
  const said = answers();
  if (banner) banner.hidden = !banner.dataset.asks.split(" ").some((category) => category && !(category in said));
  for (const gate of document.querySelectorAll("[data-consent-gate]")) if (said[gate.dataset.consentGate]) open(gate);
  document.dispatchEvent(new CustomEvent("agora:consent", { detail: said }));
}

document.addEventListener("click", (event) => {
  const gate = event.target.closest("[data-consent-once]")?.closest("[data-consent-gate]");
  if (!gate || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open(gate);
});

document.addEventListener("submit", (event) => {
  const { submitter, target } = event;
  if (!banner || target.action !== new URL("/consent", location).href || target.closest("main form[action='/consent'].form")) return;
  const used = banner.dataset.used.split(" ").filter(Boolean);
  if (submitter?.name === "choice" && ["all", "none"].includes(submitter.value)) {
    event.preventDefault();
    keep(Object.fromEntries(used.map((category) => [category, submitter.value === "all"])));
  } else if (submitter?.name === "only") {
    event.preventDefault();
    keep({ ...answers(), [submitter.value]: true });
  }
});

document.addEventListener("htmx:afterSettle", apply);
apply();
