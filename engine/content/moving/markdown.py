"""Markdown with front matter: one file, or the files of a folder or archive (Jekyll, Hugo, Hexo and the like)."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from engine.content.moving.incoming import (
    BodyKind,
    Incoming,
    IncomingAuthor,
    IncomingItem,
    IncomingKind,
    IncomingStatus,
    IncomingTerm,
)
from engine.content.moving.marked import html_of_markdown, moment_of, parts
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.slugs import slugify

ENDINGS = (".md", ".markdown", ".mdown")
MAX_FILE = 5_000_000
_dated = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(.+)")
_more = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
_first_heading = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*\r?\n")
_plugin = re.compile(r"\{%-?\s*([a-z_]+)\b[^%]*-?%\}")


def read(files: Mapping[str, bytes], source: str) -> Incoming:
    """Return what these files hold. files: by their path below the folder; those that are no Markdown are left alone.

    Raises Invalid naming the file, line and reason, for front matter or text that cannot be read; nothing is used then.
    """
    found = Incoming(f"markdown:{source}"[:120], source)
    terms: dict[str, dict[str, str]] = {"category": {}, "tag": {}, "author": {}}
    written = [(name, files[name]) for name in sorted(files) if name.lower().endswith(ENDINGS)]
    if not written:
        message = _("There is no Markdown file ({endings}) in it.").having(endings=", ".join(ENDINGS))
        raise Invalid(message, {"file": message})
    for name, data in written:
        found.items.append(_item(name, data, terms, found))
    found.categories = [IncomingTerm(key, words, key) for key, words in terms["category"].items()]
    found.tags = [IncomingTerm(key, words, key) for key, words in terms["tag"].items()]
    found.authors = [IncomingAuthor(key, words) for key, words in terms["author"].items()]
    return found


def _item(name: str, data: bytes, terms: dict[str, dict[str, str]], found: Incoming) -> IncomingItem:
    path = PurePosixPath(name)
    about, text = _read(name, data)
    stem = path.parent.name if path.stem.lower() in ("index", "readme") and path.parent.name else path.stem
    dated = _dated.fullmatch(stem)
    title = _word(about.get("title")) or ""
    if not title and (heading := _first_heading.match(text)):
        title, text = heading[1], text[heading.end() :]
    for plugin in sorted(set(_plugin.findall(text))):
        if not plugin.startswith("end"):
            found.report(
                name,
                _("“{{% {name} %}}” is left as it is written: only its own system can draw it.").having(name=plugin),
            )
    excerpt, _mark, rest = _split(text)
    is_draft = about.get("draft") is True or about.get("published") is False or "_drafts" in path.parts
    slug = _word(about.get("slug")) or slugify(dated[2] if dated else stem, "page")
    is_page = _word(about.get("layout")) == "page" or _word(about.get("type")) == "page"
    return IncomingItem(
        key=name,
        kind=IncomingKind.PAGE if is_page else IncomingKind.ARTICLE,
        title=title or (dated[2] if dated else stem),
        body=html_of_markdown(f"{excerpt}\n\n{rest}" if rest else excerpt),
        body_kind=BodyKind.HTML,
        slug=slug,
        address=_word(about.get("permalink")) or _word(about.get("url")) or "",
        excerpt=_word(about.get("excerpt")) or _word(about.get("description")) or _word(about.get("summary")) or "",
        status=IncomingStatus.DRAFT if is_draft else IncomingStatus.PUBLISHED,
        published_at=moment_of(about.get("date")) or (moment_of(dated[1]) if dated else None),
        position=about["weight"] if isinstance(about.get("weight"), int) else 0,
        author_keys=tuple(_known(about, terms["author"], "author", "authors")),
        category_keys=tuple(_known(about, terms["category"], "category", "categories")),
        tag_keys=tuple(_known(about, terms["tag"], "tag", "tags")),
        cover=_picture(about),
        pictures=tuple(word for one in _listed(about.get("photos")) if (word := _word(one))),
        is_featured=about.get("featured") is True or about.get("sticky") is True,
        allows_comments=about.get("comments") is not False,
    )


def _read(name: str, data: bytes) -> tuple[Mapping[str, Any], str]:
    if len(data) > MAX_FILE:
        message = _("{file} is larger than any text: it is not taken.").having(file=name)
        raise Invalid(message, {"file": message})
    try:
        return parts(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = _("{file}, line {line}: the text is not UTF-8. Save it as UTF-8.").having(file=name, line=line)
        raise Invalid(message, {"file": message}) from None
    except ValueError as error:
        message = _("{file}, {reason}. Mend what stands between the lines of dashes.").having(
            file=name, reason=str(error)
        )
        raise Invalid(message, {"file": message}) from None


def _split(text: str) -> tuple[str, str, str]:
    found = _more.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _word(value: Any) -> str | None:
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return None
    return str(value).strip()[:1_000]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, str):
        return [one for one in value.split(",") if one.strip()]
    return value if isinstance(value, list) else [value]


def _known(about: Mapping[str, Any], terms: dict[str, str], *names: str) -> Iterator[str]:
    """Yield the keys of what an item names, remembering their words. A list in a list is a path: all of it counts."""
    for name in names:
        for one in _listed(about.get(name)):
            for part in one if isinstance(one, list) else [one]:
                word = _word(part.get("name") if isinstance(part, dict) else part)
                if word:
                    key = slugify(word, "item")
                    terms.setdefault(key, word)
                    yield key


def _picture(about: Mapping[str, Any]) -> str:
    for name in ("cover", "image", "thumbnail", "banner", "feature_image", "featured_image"):
        value = about.get(name)
        if isinstance(value, dict):
            value = value.get("image") or value.get("src") or value.get("path")
        if word := _word(value):
            return word
    return ""
