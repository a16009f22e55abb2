"""What blocks look like in HTML: outlines without holes, links that lead somewhere, nothing that runs."""

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, Literal, get_args, get_origin

import pytest

from engine.content.blocks.site import Counted
from engine.content.pages.loading import Loaded
from engine.core.blocks import tree
from engine.core.blocks.declaring import Block
from engine.core.linking import LinkPlace
from tests.factories.blocks import every_block, looking
from tests.factories.pages import block
from tests.ui.blockdrawing import BOOK, FILM, PICTURE, draw, loaded
from ui.assets import icon_names
from ui.templates import FOLDER


class Tags(HTMLParser):
    """Reads markup into (tag, attributes), and notes what is not closed."""

    EMPTY = frozenset({"img", "source", "input", "br", "hr", "track"})

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()


def levels(markup: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])\b", markup)]


class TestEveryBlock:
    @pytest.mark.parametrize("one", BOOK.values(), ids=lambda one: one.name)
    def test_it_says_in_words_what_it_is_and_what_can_be_chosen(self, one: Block) -> None:
        assert (FOLDER / "blocks" / f"{one.name}.html").is_file()
        assert one.icon in icon_names()
        for name, info in one.settings.model_fields.items():
            assert name in one.labels, f"{one.name}.{name} has no label"
            kind = info.annotation
            if get_origin(kind) is tuple:
                kind = get_args(kind)[0]
            values = set(get_args(kind)) if get_origin(kind) is Literal else set()
            assert values <= set(one.choices.get(name, {})), f"{one.name}.{name} has choices without words"

    @pytest.mark.parametrize("one", BOOK.values(), ids=lambda one: one.name)
    @pytest.mark.parametrize("is_editing", [False, True])
    def test_it_is_drawn_as_it_comes(self, one: Block, is_editing: bool) -> None:
        made = tree.made(one, BOOK).plain()
        raw = {"type": one.inside[0], "children": [made]} if one.inside else made
        tags = Tags(draw(raw, is_editing=is_editing))
        assert tags.found
        assert tags.open == []

    def test_the_page_of_every_block_shows_each_of_content(self) -> None:
        shown = {node.type for node in tree.walk(tree.read(every_block(), BOOK))}
        apart = {"reusable", "products", "product", "logo", "navigation", "cart", "account"}
        apart |= {"latest-articles", "form", "gated-file"}
        assert set(BOOK) - shown == apart

    def test_ids_are_used_once_and_what_is_named_is_there(self) -> None:
        tags = Tags(draw(*every_block([PICTURE], film=FILM, file=FILM)))
        ids = [given["id"] for _tag, given in tags.found if "id" in given]
        assert len(ids) == len(set(ids))
        named = {given[name] for _tag, given in tags.found for name in ("aria-labelledby", "for") if given.get(name)}
        assert named <= set(ids)
        assert tags.open == []


class TestTheOutline:
    def test_the_first_opening_is_the_pages_heading_and_another_is_not(self) -> None:
        assert levels(draw(block("hero"), block("hero", title="Second"))) == [1, 2]

    def test_an_opening_that_some_do_not_see_is_not_the_pages_heading(self) -> None:
        assert levels(draw(looking(block("hero"), hiddenOn=["phone"]))) == [2]

    def test_cards_stand_below_the_heading_before_them(self) -> None:
        cards = block("grid", block("card"), block("card"))
        assert levels(draw(block("heading"), cards, block("features", block("feature"), title="New part"))) == [
            2,
            3,
            3,
            2,
            3,
        ]

    def test_no_level_is_left_out_on_the_page_of_every_block(self) -> None:
        found = [1, *levels(draw(*every_block([PICTURE], film=FILM, file=FILM)))]
        assert [b - a for a, b in itertools.pairwise(found) if b - a > 1] == []

    def test_a_deep_heap_of_titles_ends_at_the_sixth_level(self) -> None:
        deep = block("card")
        for _step in range(5):
            deep = block("tabs", block("tab", deep))
        assert max(levels(draw(deep))) == 6


class TestLinks:
    REFERENCE = "agora:page/0192f0c0-0000-7000-8000-000000000001"

    def held(self, *blocks: dict[str, Any], is_public: bool) -> Loaded:
        place = LinkPlace(self.REFERENCE, "Visit", "/plan/visit", is_public)
        nodes = tree.read(list(blocks), BOOK)
        return Loaded(loaded(nodes).pictures, links={self.REFERENCE: place})

    def blocks(self) -> tuple[dict[str, Any], ...]:
        text = f'<p>See <a href="{self.REFERENCE}">how to <em>come</em></a>.</p>'
        return block("button", label="Come", href=self.REFERENCE), block("text", text=text)

    def test_a_reference_leads_to_where_the_thing_is_now(self) -> None:
        markup = draw(*self.blocks(), held=self.held(*self.blocks(), is_public=True))
        assert markup.count('href="/plan/visit"') == 2
        assert "agora:" not in markup

    def test_links_to_what_is_not_public_or_gone_are_words(self) -> None:
        for held in (self.held(*self.blocks(), is_public=False), Loaded()):
            markup = draw(*self.blocks(), held=held)
            assert "<a" not in markup
            assert "how to <em>come</em>" in markup
            assert "Come" in markup

    def test_whoever_builds_the_page_sees_links_to_drafts(self) -> None:
        held = self.held(*self.blocks(), is_public=False)
        assert 'href="/plan/visit"' in draw(self.blocks()[0], held=held, is_editing=True)

    def test_links_to_others_take_nothing_along(self) -> None:
        markup = draw(block("button", href="https://other.example/x"), block("button", href="https://a.example/own"))
        assert markup.count("noopener") == 1

    @pytest.mark.parametrize("way", ["email", "facebook", "linkedin", "whatsapp", "bluesky", "x", "copy"])
    def test_every_way_to_share_is_a_link_of_a_kind_that_may_be(self, way: str) -> None:
        (found,) = [given for tag, given in Tags(draw(block("share", ways=[way]), said='"><x &')).found if tag == "a"]
        assert re.match(r"(https://|mailto:\?)", str(found["href"]))
        assert " " not in str(found["href"])


class TestFilmsAndMaps:
    @pytest.mark.parametrize(
        ("address", "frame"),
        [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
            ("https://youtu.be/dQw4w9WgXcQ?si=abc", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
            (
                "https://www.youtube.com/watch?list=a&v=dQw4w9WgXcQ",
                "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            ),
            ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871"),
        ],
    )
    def test_nothing_is_loaded_from_others_before_somebody_asks(self, address: str, frame: str) -> None:
        markup = draw(block("video", address=address))
        tags = Tags(re.sub(r"<template>.*</template>", "", markup, flags=re.DOTALL))
        assert not {"iframe", "script", "img"} & {tag for tag, _given in tags.found}
        assert f'src="{frame}?' in markup
        assert [given["href"] for tag, given in tags.found if tag == "a"] == [address]

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/watch?v=dQw4w9WgXcQ",
            "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
            "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
            'https://youtu.be/dQw4w9WgXcQ"><script>',
            "https://youtu.be/dQw4w9WgXcQ onload=x",
        ],
    )
    def test_only_films_of_known_houses_are_taken(self, address: str) -> None:
        settings = BOOK["video"].settings
        try:
            made = settings(address=address)
        except ValueError:
            return
        markup = draw(block("video", address=address))
        assert made.frame.startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?")  # type: ignore[attr-defined]
        assert "<script" not in markup
        assert " onload" not in markup.replace("&#34;", "")

    def test_a_map_without_a_point_is_searched_for_by_its_address(self) -> None:
        markup = draw(block("map", address='River Street 1\n"><b>', latitude="91", longitude="200"))
        assert "https://www.openstreetmap.org/search?query=River%20Street%201%2C%20%22%3E%3Cb%3E" in markup
        assert "iframe" not in markup


class TestReusable:
    def test_inner_blocks_are_shown_and_never_marked_for_editing(self) -> None:
        node = tree.read([block("reusable", id="r")], BOOK)[0]
        inner = tree.read([block("text", text="<p>Shared</p>", id="t"), {**block("text"), "hidden": True}], BOOK)
        held = Loaded(inside={node.id: inner})
        markup = draw(block("reusable", id="r"), held=held, is_editing=True)
        assert "<p>Shared</p>" in markup
        assert markup.count("data-block=") == 1
        assert "data-edit" not in markup


def test_looks_are_classes_and_a_type_has_its_own_until_somebody_chooses() -> None:
    assert "look-ground-soft" in draw(block("call-to-action"))
    chosen = draw(looking(block("call-to-action"), background="inverse", anchor="join", hiddenOn=["phone"]))
    assert "look-ground-inverse" in chosen
    assert "look-ground-soft" not in chosen
    assert 'id="join"' in chosen
    assert "look-not-phone" in chosen


def test_a_countdown_that_is_over_says_what_happens_after() -> None:
    node = tree.read([block("countdown", id="c", after="The doors are open.")], BOOK)[0]
    markup = draw(
        block("countdown", id="c", after="The doors are open."), held=Loaded(data={node.id: Counted(None, True)})
    )
    assert "The doors are open." in markup
    assert "data-countdown=" not in markup


class TestMoving:
    def moving(self, *blocks: dict[str, Any]) -> str:
        found = loaded(tree.read(list(blocks), BOOK))
        picture = replace(found.pictures[PICTURE], motion="/motion.webp", avif_srcset="/m.avif 800w")
        return draw(*blocks, held=replace(found, pictures={PICTURE: picture}))

    @pytest.mark.parametrize("kind", ["image", "hero", "gallery-picture"])
    def test_a_picture_moves_only_where_it_can_be_stopped_and_nobody_asked_for_less(self, kind: str):
        made = block(kind, image=PICTURE)
        markup = self.moving(block("gallery", made) if kind == "gallery-picture" else made)
        (source,) = re.findall(r"<source[^>]*motion.webp[^>]*>", markup)
        assert 'media="(prefers-reduced-motion: no-preference) and (scripting: enabled)"' in source
        assert markup.index("motion.webp") < markup.index("m.avif") < markup.index("<img src=")
        (stop,) = re.findall(r"<button[^>]*data-stops-motion[^>]*hidden>", markup)
        assert "data-words-pause" in stop
        inside = re.findall(r"<a\b.*?</a>", markup, re.DOTALL)
        assert not any("<button" in one for one in inside)

    def test_a_still_picture_has_nothing_to_stop(self):
        assert "data-stops-motion" not in draw(block("image", image=PICTURE))

    def test_a_film_that_plays_by_itself_can_be_stopped_with_scripts_and_without(self):
        markup = draw(block("video", file=FILM, isSilent=True, poster=PICTURE))
        (film,) = re.findall(r"<video[^>]*>", markup)
        assert " controls" in film
        assert 'poster="/l.webp"' in film
        assert "data-stops-motion" in markup
        assert "data-stops-motion" not in draw(block("video", file=FILM))
