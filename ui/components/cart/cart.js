// Sends a form whose answer is one number as soon as the number changes, opens the cart beside the page, and fetches
// how many pieces are in it, where this browser holds one: pages themselves are alike for all.
import htmx from "../exchange.js";

document.addEventListener("change", (event) => {
  event.target.closest("[data-sends-changes]")?.requestSubmit();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-cart-opener]");
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!opener || !isPlain || location.pathname === "/cart" || !document.getElementById("cart-place")) return;
  event.preventDefault();
  htmx.ajax("GET", opener.href, { target: "#cart-place", swap: "innerHTML", source: opener });
});

htmx.onLoad((content) => {
  if (!/(^|; )agora_mine=/.test(document.cookie)) return;
  for (const count of content.querySelectorAll("#cart-count[hx-get]")) htmx.trigger(count, "held");
});
