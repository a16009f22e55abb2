// Opens the media library's picker in a dialog; the `media:chosen` that it sends goes to who asked.

/** kind: "image" or "" for any file. from: has the focus back where nothing was chosen. chosen: called with {id, url, alt}. */
export function choose({ kind = "image", from }, chosen) {
  return open(`/admin/media/picker?kind=${kind}`, from, chosen);
}

/** Asks what a picture shows, and for the point that its crops keep. described: called with {id, url, alt}. */
export function describe({ id, from }, described) {
  return open(`/admin/media/picker/${id}`, from, described);
}

async function open(address, from, chosen) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "dialog" });
  document.body.append(dialog);

  function end() {
    document.removeEventListener("media:chosen", take);
    dialog.remove();
  }

  function take({ detail }) {
    end();
    chosen(detail);
  }

  document.addEventListener("media:chosen", take);
  await window.htmx.ajax("GET", address, { target: dialog, swap: "innerHTML" });
  if (!dialog.querySelector("[data-media-id], form")) return void end();
  dialog.setAttribute("aria-label", dialog.querySelector("h2")?.textContent ?? "");
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (!dialog.isConnected) return;
    end();
    from?.focus();
  });
}
