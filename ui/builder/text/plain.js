// Text without formatting, typed where it stands: one line, or several.

/** Makes an element writable. hear: { changed(text), key(event), ended(), pasted(data) }. Returns what the builder needs of it. */
export function writePlain(element, { isLines = false, hear }) {
  const stop = new AbortController();
  const { signal } = stop;
  element.contentEditable = "plaintext-only";
  if (element.contentEditable !== "plaintext-only") element.contentEditable = "true";
  element.spellcheck = true;
  element.addEventListener("input", () => hear.changed(text()), { signal });
  element.addEventListener("keydown", (event) => hear.key(event), { signal });
  element.addEventListener("blur", () => hear.ended(), { signal });
  element.addEventListener("paste", (event) => pasted(event), { signal });

  function text() {
    return isLines ? element.innerText.replace(/\n$/, "") : element.textContent.replace(/\s+/g, " ");
  }

  /** One line stays one: what is pasted loses its breaks. */
  function pasted(event) {
    event.preventDefault();
    event.stopPropagation();
    if (hear.pasted?.(event.clipboardData)) return;
    const words = event.clipboardData.getData("text/plain").replace(/\r/g, "");
    element.ownerDocument.execCommand("insertText", false, isLines ? words : words.replace(/\s+/g, " "));
  }

  return {
    element,
    text,
    set(words) {
      element.textContent = words;
      place(element, "end");
    },
    focus(at) {
      element.focus();
      if (at) place(element, at);
    },
    /** Returns how many signs stand before the caret, or -1 where something is selected. */
    caret() {
      const selection = element.ownerDocument.getSelection();
      if (!selection.rangeCount || !selection.isCollapsed) return -1;
      const range = selection.getRangeAt(0).cloneRange();
      range.selectNodeContents(element);
      range.setEnd(selection.focusNode, selection.focusOffset);
      return range.toString().length;
    },
    end() {
      stop.abort();
      element.removeAttribute("contenteditable");
      element.removeAttribute("spellcheck");
    },
  };
}

/** Puts the caret at the "start" or the "end" of an element, or selects "all" of it. */
export function place(element, at) {
  const range = element.ownerDocument.createRange();
  range.selectNodeContents(element);
  if (at !== "all") range.collapse(at === "start");
  const selection = element.ownerDocument.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
