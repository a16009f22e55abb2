// Opens the media library's picker, which comes as a dialog; the `media:chosen` that it sends goes to who asked.

/** kind: "image" or "" for any file. from: has the focus back where nothing was chosen. chosen: called with {id, url, alt}. */
export async function choose({ kind = "image", from }, chosen) {
  const holder = document.createElement("div");
  document.body.append(holder);

  function end() {
    document.removeEventListener("media:chosen", take);
    holder.remove();
  }

  function take({ detail }) {
    end();
    chosen(detail);
  }

  document.addEventListener("media:chosen", take);
  await window.htmx.ajax("GET", `/admin/media/picker?kind=${kind}`, { target: holder, swap: "innerHTML" });
  const dialog = holder.querySelector("dialog");
  if (!dialog) return void end();
  if (!dialog.open) dialog.showModal();
  dialog.addEventListener("close", () => {
    if (!holder.isConnected) return;
    end();
    from?.focus();
  });
}
