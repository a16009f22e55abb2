// Blocks as the server draws them: the first come with the page, what is asked within a moment goes there together.
const first = JSON.parse(document.getElementById("sheet-drawn").textContent);
const waiting = new Map();
let timer = null;

/** Returns a block's HTML, or null where it could not be drawn. */
export function drawn(block) {
  const known = first[block.id];
  delete first[block.id];
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((done) => {
    waiting.set(block.id, [block, done]);
    timer ??= setTimeout(ask, 20);
  });
}

async function ask() {
  timer = null;
  const asked = [...waiting.values()];
  waiting.clear();
  let found = {};
  try {
    const answer = await fetch("/admin/articles/drawings", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ blocks: asked.map(([block]) => block) }),
    });
    if (answer.ok) found = (await answer.json()).drawn;
  } catch {
    // Without a connection a piece keeps the look that it has.
  }
  for (const [block, done] of asked) done(found[block.id] ?? null);
}
