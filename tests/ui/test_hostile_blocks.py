"""Stored scripts: whatever an editor puts into any field of any block, what is drawn holds nothing that runs."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from engine.content.blocks.folding import QuestionSettings
from engine.core.blocks import tree
from engine.core.blocks.declaring import Block
from engine.core.blocks.looks import Look
from engine.core.errors import Invalid
from engine.core.html import ALLOWED_ATTRIBUTES, ALLOWED_TAGS
from tests.ui.blockdrawing import BOOK, FILM, PICTURE, draw
from ui.storefront.structured import json_ld, questions_data, questions_in

SAMPLES = Path(os.environ["AGORA_SAMPLES"]) / "06-security" if "AGORA_SAMPLES" in os.environ else None
OWN = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus=alert(1) x='",
    "javascript:alert(1)",
    " JaVa\tScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="agora:page/0192f0c0-0000-7000-8000-000000000001&quot; onclick=alert(1)">x</a>',
    '<a href="agora:javascript:alert(1)">x</a>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<svg><style><img src="</style><img src=x onerror=alert(1)>">',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=/x><button>go</button></form>",
    "{{ 7 * 7 }}{% raw %}${alert(1)}",
    "</title></textarea></style><script>alert(1)</script>",
    "\u2028\u2029\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    'https://youtu.be/dQw4w9WgXcQ"onload=alert(1)',
    'mailto:a@b.org?body="><script>alert(1)</script>',
    'https://a.example/"><script>alert(1)</script>',
    "//evil.example/x",
    "/\\evil.example",
)
ADDRESSES = frozenset({"href", "src", "action", "poster", "hx-get", "formaction", "srcdoc", "cite"})
SAFE = frozenset({"http", "https", "mailto", "tel"})
_scheme = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\-\s]*):", re.IGNORECASE)


class Reader(HTMLParser):
    """Reads markup into pairs of tag and attribute names, and keeps every address."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.names: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {(tag, ""), *((tag, name) for name, _value in attrs)}
        self.addresses += [value or "" for name, value in attrs if name in ADDRESSES]


@cache
def payloads() -> tuple[str, ...]:
    """Return what is tried: our own, and the samples' where they are."""
    found = list(OWN)
    if SAMPLES is not None:
        told = json.loads((SAMPLES / "dompurify/expect.json").read_text(encoding="utf-8"))
        found += [one["payload"] for one in told]
        for path in sorted((SAMPLES / "payloads").glob("XSS*/**/*.txt")):
            found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return tuple(dict.fromkeys(one for one in found if one.strip()))


SHAPES: tuple[Callable[[str], Any], ...] = (str, lambda said: [said], lambda said: [[said, said]])


@cache
def shapes(block: Block) -> dict[str, Callable[[str], Any]]:
    """Return how each field takes a text, by its wire name; the files and pictures that it takes instead."""
    found: dict[str, Callable[[str], Any]] = {}
    held = {**dict.fromkeys(block.fields_of("image"), PICTURE), **dict.fromkeys(block.fields_of("file"), FILM)}
    for name, info in block.settings.model_fields.items():
        given = held.get(name)
        for shape in (*SHAPES, *([lambda _said, given=given: given] if given else ())):
            for words in ("words", "https://youtu.be/dQw4w9WgXcQ", "1"):
                with suppress(ValidationError):
                    block.settings.model_validate({info.alias or name: shape(words)})
                    found.setdefault(info.alias or name, shape)
    if block.name == "reusable":
        found["overrides"] = lambda said: {said[:40]: {"text": said}}
    return found


def cleaned(block: Block, said: str) -> dict[str, Any]:
    """Return settings with a text in every field that takes it."""
    given = {wire: shape(said) for wire, shape in shapes(block).items()}
    while given:
        try:
            block.settings.model_validate(given)
        except ValidationError as error:
            for found in error.errors():
                given.pop(str(found["loc"][0]), None)
        else:
            break
    return given


def placed(block: Block, settings: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": block.name, "settings": settings}
    made["children"] = [{"type": name} for name in block.starts_with]
    return {"type": block.inside[0], "children": [made]} if block.inside else made


def allowed(block: Block) -> set[tuple[str, str]]:
    """Return the tags and attributes that the block draws of harmless words, and those that cleaned text may hold."""
    harmless = (cleaned(block, "words"), cleaned(block, "https://youtu.be/dQw4w9WgXcQ"), {})
    seen = set().union(*(Reader(draw(placed(block, one))).names for one in harmless))
    text = {(tag, "") for tag in ALLOWED_TAGS} | {("a", "rel")}
    text |= {(tag, name) for tag, names in ALLOWED_ATTRIBUTES.items() if tag != "*" for name in names}
    text |= {(tag, name) for tag in ALLOWED_TAGS for name in ALLOWED_ATTRIBUTES["*"]}
    has_text = any(block.fields_of(meaning) for meaning in ("richtext", "html")) or block.starts_with
    has_text = has_text or block.name == "form"  # the form's own introduction
    return seen | (text if has_text else {("a", ""), ("a", "class"), ("a", "href"), ("a", "rel")})


@pytest.mark.parametrize("block", BOOK.values(), ids=lambda one: one.name)
def test_no_field_of_a_block_lets_a_script_through(block: Block) -> None:
    known, tried = allowed(block), payloads()
    if block.name == "form":  # one of every kind of field: it takes ten times as long
        tried = (*OWN, *tried[len(OWN) :: 10])
    for payload in tried:
        read = Reader(draw(placed(block, cleaned(block, payload)), said=payload))
        assert read.names <= known, (payload, read.names - known)
        schemes = {found[1].lower() for one in read.addresses if (found := _scheme.match(one))}
        assert schemes <= SAFE, payload


def fields() -> Iterator[str]:
    yield from Look.model_fields


@pytest.mark.parametrize("name", fields())
def test_no_look_takes_anything_else(name: str) -> None:
    for payload in payloads():
        with pytest.raises(ValidationError):
            Look.model_validate({name: payload})


def test_no_id_and_no_type_breaks_out_of_the_marks_of_the_builder() -> None:
    for payload in payloads():
        with pytest.raises(Invalid):
            tree.read([{"id": f"{payload}<", "type": "text"}], BOOK)
        gone = Reader(draw({"id": "b", "type": payload}, is_editing=True))
        assert gone.names <= {("div", name) for name in ("", "class", "data-block", "data-type")}, payload


def test_what_search_engines_are_told_ends_nowhere_early() -> None:
    for payload in payloads():
        question = QuestionSettings(question=payload[:300], answer=f"<p>{payload}</p>")
        node = tree.Node("q", "question", {}, question)
        markup = str(json_ld(questions_data(questions_in([node]), "https://a.example/")))
        assert markup.count("<") == 2
        assert json.loads(markup.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))
