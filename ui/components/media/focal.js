// Chooses the point that crops keep: by a press on the picture, or in the two fields beside it.
import { enhance } from "../../fields/enhance.js";

const AXES = ["x", "y"];
const tenth = (value) => Math.round(value / 10) * 10;

function draw(picker) {
  const point = AXES.map((axis) => Math.min(100, Math.max(0, Number(picker.querySelector(`[data-focal-${axis}]`).value) || 0)));
  for (const circle of picker.querySelectorAll("circle")) {
    circle.setAttribute("cx", `${point[0]}%`);
    circle.setAttribute("cy", `${point[1]}%`);
  }
  for (const crop of picker.querySelectorAll(".focal-crops img")) {
    const others = [...crop.classList].filter((name) => !name.startsWith("focus-"));
    crop.className = [...others, `focus-x-${tenth(point[0])}`, `focus-y-${tenth(point[1])}`].join(" ");
  }
}

function choose(picker, event) {
  const box = picker.querySelector(".focal-picture").getBoundingClientRect();
  const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  AXES.forEach((axis, place) => {
    const field = picker.querySelector(`[data-focal-${axis}]`);
    field.value = Math.round(Math.min(1, Math.max(0, at[place])) * 100);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function start(picker) {
  const picture = picker.querySelector(".focal-picture");
  picker.setAttribute("data-ready", "");
  picker.addEventListener("input", () => draw(picker));
  picture.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    choose(picker, event);
  });
  picture.addEventListener("pointermove", (event) => picture.hasPointerCapture(event.pointerId) && choose(picker, event));
}

enhance("[data-focal]", start);
