// Opens and closes dialogs and drawers; without it their address shows them.
function show(dialog) {
  dialog.showModal();
  if (matchMedia("(pointer: fine)").matches) dialog.querySelector(".dialog-body :is(input:not([type=hidden]), select, textarea)")?.focus();
}

function close(dialog) {
  dialog.close();
  if (location.hash === `#${dialog.id}`) history.replaceState(null, "", location.pathname + location.search);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) {
      event.preventDefault();
      show(dialog);
    }
    return;
  }
  const closer = event.target.closest("[data-closes]");
  const dialog = (closer ?? event.target).closest("dialog");
  const onBackdrop = event.target === dialog && dialog?.open && outside(dialog, event);
  if (dialog?.open && (closer || onBackdrop)) {
    event.preventDefault();
    close(dialog);
  }
});

function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

// Where the focus goes once what came with an answer is closed: to what asked, which was disabled while it waited.
let asked = null;
document.addEventListener("htmx:beforeRequest", () => {
  if (!document.activeElement?.closest("dialog")) asked = document.activeElement;
});

/** What the server wants shown at once: a drawer that came with the answer. */
export function openArrived(root) {
  for (const dialog of root.querySelectorAll("dialog[data-open]:not([open])")) {
    dialog.showModal();
    dialog.addEventListener("close", () => asked?.isConnected && asked.focus());
  }
}

openArrived(document);
document.addEventListener("htmx:afterSettle", (event) => openArrived(event.detail.elt.parentNode ?? document));
