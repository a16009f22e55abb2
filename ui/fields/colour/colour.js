// The picker and the digits say the same colour; beside them stands which text can be read on it.
import { changed, enhance, say } from "../enhance.js";

const HEX = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

function digitsOf(text) {
  const found = HEX.exec(text.trim())?.[1].toLowerCase();
  return found?.length === 3 ? [...found].map((digit) => digit + digit).join("") : found;
}

/** The relative luminance of six digits. Source: WCAG 2.2, "relative luminance". */
function luminance(digits) {
  const [red, green, blue] = [0, 2, 4].map((place) => {
    const part = parseInt(digits.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

enhance("[data-colour]", (field) => {
  const [picker, input] = field.querySelectorAll("input");
  const hint = field.querySelector("output");

  function tell() {
    const digits = digitsOf(input.value);
    if (digits) picker.value = `#${digits}`;
    const light = digits && 1.05 / (luminance(digits) + 0.05);
    const dark = digits && (luminance(digits) + 0.05) / 0.05;
    const words = light > dark ? hint.dataset.wordsLight : hint.dataset.wordsDark;
    hint.textContent = digits ? say(words, { ratio: `${Math.max(light, dark).toFixed(1)} : 1` }) : "";
  }

  picker.addEventListener("input", () => {
    input.value = picker.value;
    changed(input);
  });
  input.addEventListener("input", tell);
  tell();
});
