// Sends a theme's form to its preview whenever something in it changes, without leaving the page.
let waiting;

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  const button = form?.id && document.querySelector(`[data-previews][form="${CSS.escape(form.id)}"]`);
  if (!button) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const frame = document.getElementsByName(button.formTarget)[0];
    const values = new URLSearchParams(new FormData(form));
    frame.contentWindow.location.replace(`${button.getAttribute("formaction")}?${values}`);
  }, 200);
});
