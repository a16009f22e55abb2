"""The words of an article, out of its blocks: for its excerpt, its length, and to be found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.core.html import text_of

WORDS_A_MINUTE = 230
#: Chinese, Japanese and Korean are counted by letters: so many are read in a minute.
LETTERS_A_MINUTE = 500
EXCERPT = 220
#: Settings of blocks that are read, whatever the block is.
_READ = ("title", "heading", "text", "html", "quote", "caption", "question", "answer", "summary", "label", "author")
_word = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_letter = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


def _texts(blocks: Any, kinds: tuple[str, ...] = ()) -> Iterator[str]:
    for block in blocks if isinstance(blocks, Sequence) else ():
        if not isinstance(block, Mapping) or block.get("hidden"):
            continue
        settings = block.get("settings")
        if isinstance(settings, Mapping) and (not kinds or block.get("type") in kinds):
            yield from _strings({name: settings[name] for name in _READ if name in settings} | _lists(settings))
        yield from _texts(block.get("children"), kinds)


def _lists(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if isinstance(value, list)}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings({n: one[n] for n in _READ if n in one} if isinstance(one, Mapping) else one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)


def text_in(content: Mapping[str, Any]) -> str:
    """Return everything in a page's content that people read, on one line."""
    return " ".join(filter(None, (text_of(text) for text in _texts(content.get("blocks")))))


def excerpt_of(content: Mapping[str, Any]) -> str:
    """Return how lists show an article: its own excerpt, else its first words."""
    written = str(content.get("excerpt") or "").strip()
    if written:
        return written
    paragraphs = " ".join(_texts(content.get("blocks"), ("text",)))
    return text_of(re.sub(r"(?is)<h[1-6]\b.*?</h[1-6]>", " ", paragraphs), EXCERPT)


def words_in(text: str) -> int:
    """Return how many words a text has; a letter of Chinese, Japanese or Korean counts as one."""
    letters = len(_letter.findall(text))
    return len(_word.findall(_letter.sub(" ", text))) + letters


def minutes_for(text: str) -> int:
    """Return how long a text takes to read, at least a minute."""
    letters = len(_letter.findall(text))
    words = len(_word.findall(_letter.sub(" ", text)))
    return max(1, round(words / WORDS_A_MINUTE + letters / LETTERS_A_MINUTE))
