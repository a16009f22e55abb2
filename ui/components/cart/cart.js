// Sends a form whose answer is one number as soon as the number changes, and opens the cart beside the page.
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
