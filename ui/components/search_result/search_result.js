// Shows a page as search engines will, while its title, words and address are typed.
const TEXT = 160;

function said(form, names) {
  for (const name of names.split(" ")) {
    const html = form.elements[name]?.value ?? "";
    const text = new DOMParser().parseFromString(html, "text/html").body.textContent.replace(/\s+/g, " ").trim();
    if (text) return text;
  }
  return "";
}

function draw(result) {
  const { title, text, template } = result.dataset;
  const part = (name) => result.querySelector(`[data-part=${name}]`);
  const called = said(result.closest("form"), title);
  if (called) part("title").textContent = template.replace("{title}", called);
  part("text").textContent = said(result.closest("form"), text).slice(0, TEXT);
}

document.addEventListener("input", (event) => {
  for (const result of event.target.closest?.("form")?.querySelectorAll("[data-search-result]") ?? []) draw(result);
});
