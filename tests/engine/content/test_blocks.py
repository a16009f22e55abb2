"""Trees of blocks: every value is cleaned or refused by name, and what is stored is never lost."""

from typing import Any

import pytest

from engine.content.blocks import BLOCKS
from engine.core.actor import Actor, Role
from engine.core.blocks import tree
from engine.core.blocks.declaring import Block, BlockGroup, book_of
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.ids import new_id
from tests.factories.pages import EDITOR, block

BOOK = book_of(BLOCKS)
ADMIN = Actor.person(new_id(), Role.ADMIN, "", "Ada")


def read(*blocks: Any, actor: Actor | None = EDITOR, before: Any = ()) -> list[dict[str, Any]]:
    return tree.plain(tree.read(list(blocks), BOOK, actor=actor, before=before))


def refused(*blocks: Any, actor: Actor = EDITOR) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        read(*blocks, actor=actor)
    return {name: str(words) for name, words in error.value.fields.items()}


def test_a_tree_is_the_same_after_it_was_read_and_written() -> None:
    once = read(block("columns", block("column", block("text", text="<p>a</p>")), block("column")))
    assert read(*once) == once


@pytest.mark.parametrize("name", sorted(BOOK))
def test_every_block_stands_as_it_comes(name: str) -> None:
    made = tree.made(BOOK[name], BOOK)
    assert made.settings is not None
    holder = BOOK[name].inside[0] if BOOK[name].inside else None
    raw = {"type": holder, "children": [made.plain()]} if holder else made.plain()
    read(raw, actor=ADMIN)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVa\tScript:alert(1)",
        " data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "\\\\evil",
        "file:///etc",
    ],
)
def test_links_that_run_or_mislead_are_refused_by_name(href: str) -> None:
    assert list(refused(block("button", href=href))) == ["blocks.0.settings.href"]


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("example.org/x", "https://example.org/x"),
        ("about", "/about"),
        ("#top", "#top"),
        ("mailto:a@b.org", "mailto:a@b.org"),
    ],
)
def test_links_are_completed(href: str, kept: str) -> None:
    assert read(block("button", href=href))[0]["settings"]["href"] == kept


def test_rich_text_loses_what_runs() -> None:
    hostile = '<p onclick="x()">a<script>b</script><iframe src=x></iframe><a href="javascript:x">c</a></p>'
    kept = read(block("text", text=hostile))[0]["settings"]["text"]
    assert kept == '<p>a<a rel="noopener noreferrer">c</a></p>'


def test_each_trouble_is_named_where_it_stands() -> None:
    found = refused(
        block("column"),
        block("columns", block("column", block("button", colour="red"))),
        {"type": "no-such"},
        {"type": "text", "look": {"align": "sideways"}},
        {"type": "text", "onclick": "x"},
    )
    assert set(found) == {
        "blocks.0",
        "blocks.1.children.0.children.0.settings.colour",
        "blocks.2.type",
        "blocks.3.look.align",
        "blocks.4.onclick",
    }


def test_two_blocks_with_one_id_and_hostile_ids_are_refused() -> None:
    assert "blocks.1.id" in refused(block("text", id="a"), block("text", id="a"))
    assert "blocks.0.id" in refused(block("text", id='"><script>'))


@pytest.mark.parametrize(
    "raw", [None, "x", 7, [None], ["x"], [[]], [{"type": "section", "children": "x"}], [{"type": ["a"]}]]
)
def test_what_is_no_tree_is_refused_in_words(raw: Any) -> None:
    with pytest.raises(Invalid):
        tree.read(raw, BOOK, actor=EDITOR)


def test_trees_that_are_too_deep_or_too_many_are_refused() -> None:
    deep: dict[str, Any] = block("text")
    for _step in range(40):
        deep = block("section", deep)
    assert refused(deep)
    assert refused(*(block("divider" if "divider" in BOOK else "heading") for _ in range(tree.MAX_BLOCKS + 1)))


def test_a_block_of_a_plugin_that_is_gone_is_kept_and_never_begun_anew() -> None:
    gone = {"id": "x1", "type": "seat-map", "settings": {"rows": 9}, "children": [{"id": "x2", "type": "row"}]}
    assert read(gone, actor=EDITOR, before=[gone]) == [gone]
    assert read(gone, actor=None) == [gone]
    assert "blocks.0.type" in refused(gone)


def test_a_stored_setting_that_no_longer_fits_falls_back_alone() -> None:
    kept = read({"id": "a", "type": "heading", "settings": {"text": "Hi", "level": "9"}}, actor=None)
    assert kept[0]["settings"]["text"] == "Hi"
    assert kept[0]["settings"]["level"] == "2"


def test_a_book_refuses_two_of_a_name_and_places_that_are_not_there() -> None:
    one = Block(name="a", label=_("A"), icon="x", group=BlockGroup.TEXT)
    with pytest.raises(ValueError, match="two blocks"):
        book_of([one, one])
    with pytest.raises(ValueError, match="nobody declares"):
        book_of([Block(name="b", label=_("B"), icon="x", group=BlockGroup.TEXT, holds=("nowhere",))])
