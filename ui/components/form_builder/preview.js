// Shows the form while it is changed: what is typed goes to a frame, whose place another takes once it is drawn.
let waiting;
let at = 0;

function show(frame) {
  const form = document.getElementById(frame.dataset.follows);
  const fresh = frame.cloneNode();
  at = frame.contentWindow?.scrollY ?? at;
  fresh.removeAttribute("src");
  fresh.name = `builder-${performance.now()}`;
  fresh.dataset.waits = "";
  for (const late of document.querySelectorAll(".builder-preview-frame[data-waits]")) late.remove();
  frame.after(fresh);
  const copy = document.createElement("form");
  Object.assign(copy, { method: "post", action: frame.getAttribute("src") ?? frame.dataset.from, target: fresh.name, hidden: true });
  fresh.dataset.from = copy.getAttribute("action");
  for (const [name, value] of new FormData(form)) {
    const input = document.createElement("textarea");
    Object.assign(input, { name, value });
    copy.append(input);
  }
  document.body.append(copy);
  fresh.addEventListener("load", () => {
    fresh.contentWindow.scrollTo(0, at);
    fresh.removeAttribute("data-waits");
    frame.remove();
  });
  copy.submit();
  copy.remove();
}

document.addEventListener("input", (event) => {
  const label = event.target.name?.endsWith(".label") && event.target.closest("[data-card]")?.querySelector(".builder-label");
  if (label) label.textContent = event.target.value;
  const frame = document.querySelector(".builder-preview-frame:not([data-waits])");
  const form = frame && document.getElementById(frame.dataset.follows);
  if (!form?.contains(event.target)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => show(document.querySelector(".builder-preview-frame:not([data-waits])")), 300);
});
