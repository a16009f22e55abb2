// A picture's address is typed, or chosen from the media library.
import { changed, enhance } from "../enhance.js";
import { choose } from "./picker.js";

enhance("[data-picks-address]", (button) => {
  const input = document.getElementById(button.dataset.picksAddress);
  button.addEventListener("click", () =>
    choose({ kind: "image", from: button }, ({ url, large }) => {
      input.value = large ?? url;
      changed(input);
      button.focus();
    }),
  );
});
