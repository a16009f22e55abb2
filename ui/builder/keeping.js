// What was written and is not saved yet, kept in this browser: it survives a closed lid and a lost network.
const NAME = "agora-builder";
const STORE = "drafts";

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

let database;

async function act(mode, run) {
  try {
    database ??= opened();
    const store = (await database).transaction(STORE, mode).objectStore(STORE);
    return await new Promise((done, failed) => {
      const asked = run(store);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  } catch {
    return undefined; // a browser without storage keeps nothing; the draft is on the server within two seconds
  }
}

/** kept: { id, edit, base, content, at }: what was written on `base`, the draft at `edit`. */
export const keep = (kept) => act("readwrite", (store) => store.put(kept));
export const kept = (id) => act("readonly", (store) => store.get(id));
export const forget = (id) => act("readwrite", (store) => store.delete(id));
