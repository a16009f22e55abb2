// The headings of a page: which rank each block's own has. The same rule as ui/blocks/outline.py.
const FIRST = 2;
const LAST = 6;

/** Returns the rank of each block's heading by the block's id. */
export function ranksOf(blocks, book) {
  const ranks = new Map();
  rank(blocks, book, FIRST, ranks);
  const opening = openingOf(blocks);
  if (opening) ranks.set(opening.id, 1);
  return ranks;
}

function rank(blocks, book, level, ranks) {
  let following = level;
  for (const block of blocks) {
    const type = book[block.type];
    if (!type) continue;
    const hasTitle = Boolean(block.settings?.title);
    const own = hasTitle && type.group === "sections" ? level : following;
    ranks.set(block.id, own);
    if (block.type === "heading") following = Math.min(Math.max(Number(block.settings?.level ?? FIRST), level) + 1, LAST);
    rank(block.children ?? [], book, Math.min(own + Number(hasTitle), LAST), ranks);
  }
}

function openingOf(blocks) {
  const first = blocks.find((block) => !block.hidden);
  if (!first || first.look?.hiddenOn?.length) return null;
  return first.type === "hero" ? first : openingOf(first.children ?? []);
}
