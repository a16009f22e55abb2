// Keeps what is written: in this browser at once, in the house within two seconds, and never over what somebody else wrote.
const PAUSE = 900;
const LONGEST = 1_900;
const RETRY = 5_000;

/** state: {id, edit, content} as the house has it. read: returns the content as it is now. on: what happened, by name. */
export function saver(state, { read, on }) {
  let base = structuredClone(state.content);
  let timer = null;
  let first = 0;
  let running = null;
  let isDirty = false;

  const place = () => `agora-article-${state.id || "new"}`;

  function keep(content) {
    try {
      localStorage.setItem(place(), JSON.stringify({ content, edit: state.edit, at: Date.now() }));
    } catch {
      // A browser that keeps nothing still saves over the network.
    }
  }

  function forget(where = place()) {
    localStorage.removeItem(where);
  }

  /** What this browser kept and the house does not have, or null. */
  function kept() {
    try {
      const found = JSON.parse(localStorage.getItem(place()));
      return found && JSON.stringify(found.content) !== JSON.stringify(state.content) ? found : null;
    } catch {
      return null;
    }
  }

  function changed() {
    isDirty = true;
    keep(read());
    on.waiting();
    first ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(() => save(), Math.max(0, Math.min(PAUSE, first + LONGEST - Date.now())));
  }

  /** Saves what there is; resolves when the house has it, or said why not. */
  async function save({ autosave = true } = {}) {
    clearTimeout(timer);
    if (running) await running;
    if (!isDirty && autosave) return true;
    running = put(autosave);
    const done = await running;
    running = null;
    return done;
  }

  async function put(autosave) {
    const content = read();
    first = 0;
    isDirty = false;
    on.saving();
    try {
      const answer = state.id
        ? await send("PUT", `/admin/articles/${state.id}/draft`, { edit: state.edit, content, autosave })
        : await send("POST", "/admin/articles/begin", { content });
      if (answer.status === 409) return await meet(content);
      if (!answer.ok) return refused(await problem(answer));
      const { edit, id, url, author, content: begun } = await answer.json();
      if (id) {
        forget();
        Object.assign(state, { id });
        on.begun(id, url, author);
      }
      state.edit = edit;
      base = structuredClone(begun ?? content);
      if (isDirty) on.waiting();
      else {
        forget();
        on.saved();
      }
      return true;
    } catch {
      isDirty = true;
      on.offline();
      timer = setTimeout(() => save(), RETRY);
      return false;
    }
  }

  function refused(reason) {
    on.refused(reason);
    return false;
  }

  /** Somebody else saved meanwhile: what both wrote is brought together, and where they clash, the writer chooses. */
  async function meet(mine) {
    const answer = await send("POST", `/admin/articles/${state.id}/merge`, { base, mine });
    if (!answer.ok) return refused(await problem(answer));
    const { content, edit, by, conflicts } = await answer.json();
    state.edit = edit;
    const chosen = conflicts.length ? await on.clash(by, content, conflicts) : content;
    base = structuredClone(content);
    on.both(by, chosen, conflicts.length > 0);
    isDirty = true;
    return await put(true);
  }

  window.addEventListener("online", () => isDirty && save());
  window.addEventListener("beforeunload", (event) => isDirty && !state.id && event.preventDefault());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && isDirty && save());
  return { changed, save, kept, forget };
}

export function send(method, address, body) {
  return fetch(address, {
    method,
    keepalive: method === "PUT" && JSON.stringify(body).length < 60_000,
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
}

export async function problem(answer) {
  try {
    const { detail, title } = await answer.json();
    return detail ?? title ?? answer.statusText;
  } catch {
    return answer.statusText;
  }
}

/** Puts my value back where theirs stands now. */
export function withMine(content, clashes) {
  const chosen = structuredClone(content);
  for (const { what, blockId, setting, mine } of clashes) {
    if (what !== "value") continue;
    let at = blockId ? found(chosen.blocks, blockId) : chosen;
    const path = setting.split(".");
    for (const name of path.slice(0, -1)) at = at && (at[name] ??= {});
    if (at) at[path.at(-1)] = mine;
  }
  return chosen;
}

function found(blocks = [], id) {
  for (const block of blocks) {
    const here = block.id === id ? block : found(block.children, id);
    if (here) return here;
  }
  return null;
}
