// Where a block would drop: the deepest block under a point that takes it, and the gap between its blocks nearest to it.
import { ROOT } from "./tree.js";

/** Points this near to the edge of a block mean the gap beside it, not a place in it. */
const RIM = 10;

/** point: in the page's frame. Returns { parent, index, x, y, length, isUpright }, or null where it cannot stand. */
export function spotAt(editor, canvas, typeName, point, moving = null) {
  const { content } = editor;
  for (let parent = holderAt(canvas, point, content, moving); ; parent = content.parent(parent)) {
    const isOwn = moving !== null && content.parent(moving) === parent;
    if (isOwn || editor.takes(parent, typeName)) return gapIn(editor, canvas, parent, point, moving);
    if (parent === ROOT) return null;
  }
}

/** Returns the deepest block at a point, or the one around it where the point is at its rim. */
function holderAt(canvas, { x, y }, content, moving) {
  let id = canvas.idOf(canvas.doc.elementFromPoint(x, y));
  if (moving !== null && id !== null && content.isInside(id, moving)) id = content.parent(moving);
  while (id !== null) {
    const { top, bottom } = canvas.element(id).getBoundingClientRect();
    const rim = Math.min(RIM, (bottom - top) / 4);
    if (y > top + rim && y < bottom - rim) break;
    id = content.parent(id);
  }
  return id;
}

function gapIn(editor, canvas, parent, point, moving) {
  const boxes = editor.content
    .below(parent)
    .filter((block) => block.id !== moving)
    .map((block) => canvas.element(block.id)?.getBoundingClientRect())
    .filter(Boolean);
  const holder = (parent === ROOT ? canvas.root : inner(canvas.element(parent))).getBoundingClientRect();
  if (!boxes.length) {
    return { parent, index: 0, x: holder.left, y: holder.top + holder.height / 2, length: holder.width, isUpright: false };
  }
  const isUpright = boxes.some((box, place) => place && box.top < boxes[place - 1].bottom - 4 && box.left !== boxes[place - 1].left);
  return isUpright ? upright(parent, boxes, point) : level(parent, boxes, point, holder);
}

function level(parent, boxes, { y }, holder) {
  let index = boxes.findIndex((box) => y < (box.top + box.bottom) / 2);
  if (index < 0) index = boxes.length;
  const [before, after] = [boxes[index - 1], boxes[index]];
  const at = before && after ? (before.bottom + after.top) / 2 : before ? before.bottom : after.top;
  return { parent, index, x: holder.left, y: at, length: holder.width, isUpright: false };
}

function upright(parent, boxes, { x, y }) {
  const isRight = document.documentElement.dir === "rtl";
  const order = boxes.map((box, place) => ({ box, place, far: far(box, x, y) })).sort((one, other) => one.far - other.far);
  const { box, place } = order[0];
  const isAfter = isRight ? x < (box.left + box.right) / 2 : x > (box.left + box.right) / 2;
  const edge = isAfter === isRight ? box.left : box.right;
  return { parent, index: place + (isAfter ? 1 : 0), x: edge, y: box.top, length: box.height, isUpright: true };
}

function far(box, x, y) {
  return Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
}

/** Returns the element in a block that its blocks stand in. */
function inner(element) {
  return element.querySelector(".block-stack, .block-columns") ?? element;
}
