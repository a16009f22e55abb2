// Forms that were typed in while Agora was not reached, as they stood: kept in this browser, and read when it is back.
import { forget, keep, kept } from "./keeping.js";

export class Owing {
  constructor(page) {
    this.id = `${page}/forms`;
    this.forms = new Map();
  }

  /** Takes up what this browser kept; returns how many forms, and when the last of them was typed in. */
  async begin() {
    const found = await kept(this.id);
    for (const [block, form] of found?.forms ?? []) if (!this.forms.has(block)) this.forms.set(block, form);
    return { count: this.forms.size, at: found?.at };
  }

  /** Keeps the form of a block (null is the page). stands: what it was made from, and what of it was taken already. */
  put(block, form, stands) {
    const entries = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    this.back(block, { entries, stands: structuredClone(stands) });
  }

  back(block, form) {
    this.forms.set(block, form);
    return keep({ id: this.id, forms: [...this.forms], at: Date.now() });
  }

  /** Returns every form that is kept, and keeps none any more. */
  take() {
    const found = [...this.forms];
    this.forms.clear();
    forget(this.id);
    return found;
  }
}

/** Returns a kept form as it is sent. */
export function bodyOf({ entries }) {
  const body = new FormData();
  for (const [name, value] of entries) body.append(name, value);
  return body;
}
