// Opens the media library's picker in a dialog; each `media:chosen` it sends goes to who asked.

/** from: the element that has the focus back afterwards. chosen: called with {id, url, alt} of each. */
export async function choose({ kind = "image", accept = "", multiple = false, from }, chosen) {
  const address = new URL("/admin/media/picker", location.href);
  const asked = { kind, ...(accept && { accept }), ...(multiple && { multiple: "true" }) };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog-wide media-picker";
  document.body.append(dialog);

  const take = (event) => {
    chosen(event.detail);
    if (!multiple) dialog.close();
  };
  document.addEventListener("media:chosen", take);
  dialog.addEventListener("close", () => {
    document.removeEventListener("media:chosen", take);
    dialog.remove();
    from?.focus();
  });
  await window.htmx.ajax("GET", address.pathname + address.search, { target: dialog, swap: "innerHTML" });
  if (dialog.hasChildNodes()) dialog.showModal();
  else dialog.remove();
}
