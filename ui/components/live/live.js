// Opens the streams of server-sent events that a page asks for by data-live="/address", one connection an address, and
// tells each event to the page as `live:NAME` on the body, for hx-trigger="live:order.created from:body".
const streams = new Map();

function names(element) {
  const triggers = [...document.querySelectorAll("[hx-trigger*='live:']")].map((each) => each.getAttribute("hx-trigger"));
  const listened = triggers.flatMap((trigger) => [...trigger.matchAll(/live:([\w.-]+)/g)].map((found) => found[1]));
  return new Set([...listened, ...(element.dataset.liveNames ?? "").split(" ").filter(Boolean)]);
}

function listen(element) {
  const address = element.dataset.live;
  const stream = streams.get(address) ?? { source: new EventSource(address), heard: new Set() };
  streams.set(address, stream);
  for (const name of names(element)) {
    if (stream.heard.has(name)) continue;
    stream.heard.add(name);
    stream.source.addEventListener(name, (event) =>
      document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail: event.data, bubbles: true })),
    );
  }
}

function start() {
  for (const [address, stream] of streams) {
    if (document.querySelector(`[data-live="${CSS.escape(address)}"]`)) continue;
    stream.source.close();
    streams.delete(address);
  }
  document.querySelectorAll("[data-live]").forEach(listen);
}

start();
document.addEventListener("htmx:afterSettle", start);
addEventListener("pagehide", () => streams.forEach((stream) => stream.source.close()));
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  streams.clear();
  start();
});
