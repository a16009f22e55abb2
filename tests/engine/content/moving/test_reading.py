"""Exports of other systems: all that they hold is read, and what is none of them is refused by line and reason."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from engine.content.blocks import BLOCKS
from engine.content.moving import ghost, markdown, opening, wxr
from engine.content.moving.composing import turned
from engine.content.moving.gutenberg import body_blocks, paragraphs
from engine.content.moving.incoming import IncomingItem, IncomingStatus
from engine.content.moving.turning import WANTED, Made, blocks_of
from engine.core.blocks import tree
from engine.core.blocks.declaring import book_of
from engine.core.errors import Invalid
from engine.core.html import lines_of
from engine.core.i18n import Message
from tests.factories import exports
from tests.factories.pages import EDITOR

BOOK = book_of(BLOCKS)
SAMPLES = Path(os.environ.get("AGORA_SAMPLES", "")) / "02-cms-import"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="AGORA_SAMPLES names no samples")


def bare(value: object) -> object:
    """Return blocks without the files that are still wanted."""
    if isinstance(value, dict):
        return {name: bare(one) for name, one in value.items()}
    if isinstance(value, list):
        return [bare(one) for one in value]
    return "" if isinstance(value, str) and value.startswith(WANTED) else value


def kinds(blocks: list[Made]) -> list[str]:
    return [one["type"] for one in blocks]


def blocks_in(body: str) -> tuple[list[Made], list[str]]:
    said: list[Message] = []
    made = body_blocks(body, said.append, lambda name: name in BOOK)
    tree.read(bare(made), BOOK, actor=EDITOR)
    return made, [str(one) for one in said]


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        wxr.read(data, "old.xml")
    return str(refused.value.message)


def test_a_wordpress_export_is_read_whole() -> None:
    thread = exports.comment(1, "First") + exports.comment(2, "Answer", 1) + exports.comment(3, "x", kind="pingback")
    filed = '<category domain="category" nicename="news"><![CDATA[News]]></category>'
    found = wxr.read(exports.wordpress(
        exports.item(10, "Hello", "Text", more=filed + thread),
        exports.item(11, "About", kind="page"),
        exports.item(12, "Recipe", kind="recipe", status="draft"),
        exports.item(13, "Gone", status="trash"),
    ))  # fmt: skip
    assert [(one.kind, one.title, one.status) for one in found.items] == [
        ("article", "Hello", IncomingStatus.PUBLISHED),
        ("page", "About", IncomingStatus.PUBLISHED),
        ("article", "Recipe", IncomingStatus.DRAFT),
    ]
    assert [(one.text, one.parent_key) for one in found.items[0].comments] == [("First", ""), ("Answer", "1")]
    assert found.items[0].category_keys == ("news",)
    said = " ".join(str(one.message) for one in found.problems)
    assert all(words in said for words in ("recipe", "post (trash)", "pingback"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (exports.wordpress(version=""), "names no WXR version"),
        (exports.wordpress(version="9"), "WXR version “9”"),
        (exports.wordpress("<item><title>x</item>"), "old.xml, line"),
        (b'<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>', "document type"),
        (b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><rss/>', "document type"),
        (b"<html><body/></html>", "begins with <html>"),
        (b"<rss><channel><item>" + b"<a>" * 100_000, "deeper"),
        (b"\x89PNG", "old.xml, line 1"),
        (b"", "old.xml, line 1"),
    ],
)
def test_what_is_no_wordpress_export_is_refused_by_line_and_reason(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_ghost_export_is_read_and_a_members_post_comes_as_a_draft() -> None:
    post = {"id": "p1", "title": "Hello", "slug": "hello", "html": "<p>Hi</p>", "status": "published", "page": 0}
    found = ghost.read(exports.ghost(post, {**post, "id": "p2", "visibility": "paid", "type": "page"}))
    assert [(one.kind, one.status, one.tag_keys) for one in found.items] == [
        ("article", IncomingStatus.PUBLISHED, ("t1",)),
        ("page", IncomingStatus.DRAFT, ("t1",)),
    ]
    for data in (b"[]", b"{}", b"{", b'{"db": [{"data": {}}]}', b"[" * 100_000):
        with pytest.raises(Invalid):
            ghost.read(data)


def test_markdown_is_read_with_front_matter_of_every_kind() -> None:
    files = {
        "posts/2020-01-02-hello.md": b"---\ntitle: Hello\ntags: [a, B c]\ncategories:\n- [One, Two]\n---\nHi **you**",
        "hexo.md": b"title: Hexo\ndate: 2013-12-24 17:49:32\n---\n\nText",
        "plain.md": "# 中文\n\nText".encode(),
        "about.md": b"---\nlayout: page\ndraft: true\n---\nx",
        "picture.png": b"x",
    }
    found = markdown.read(files, "blog")
    by_key = {one.key: one for one in found.items}
    hello = by_key["posts/2020-01-02-hello.md"]
    assert (hello.slug, hello.tag_keys, hello.category_keys) == ("hello", ("a", "b-c"), ("one", "two"))
    assert hello.published_at is not None
    assert by_key["plain.md"].title == "中文"
    assert (by_key["about.md"].kind, by_key["about.md"].status) == ("page", "draft")
    for data in (b"---\na: [\n---\n", b"---\na: &a [x]\nb: [*a, *a]\n---\n", b"\xff\xfe"):
        with pytest.raises(Invalid, match=r"a\.md, line"):
            markdown.read({"a.md": data}, "blog")


def test_wordpress_blocks_become_blocks() -> None:
    made, said = blocks_in(
        '<!-- wp:paragraph --><p>One</p><!-- /wp:paragraph -->'
        '<!-- wp:heading --><h2>Two</h2><!-- /wp:heading -->'
        '<!-- wp:image {"id":7} --><figure><img src="https://old.example/a.jpg" alt="A"/>'
        '<figcaption>C</figcaption></figure><!-- /wp:image -->'
        '<!-- wp:columns --><div><!-- wp:column --><div><!-- wp:paragraph --><p>L</p><!-- /wp:paragraph --></div>'
        '<!-- /wp:column --><!-- wp:column --><div><!-- wp:paragraph --><p>R</p><!-- /wp:paragraph --></div>'
        '<!-- /wp:column --></div><!-- /wp:columns -->'
        '<!-- wp:separator --><hr/><!-- /wp:separator --><!-- wp:plugin/thing {"a":1} /-->'
        '<!-- wp:core-embed/youtube {"url":"https://youtu.be/abcdefghijk"} --><figure>x</figure>'
        '<!-- /wp:core-embed/youtube -->'
    )  # fmt: skip
    assert kinds(made) == ["text", "image", "columns", "divider", "video"]
    assert made[1]["settings"]["image"] == f"{WANTED}https://old.example/a.jpg"
    assert made[1]["settings"]["caption"] == "C"
    assert any("plugin/thing" in one for one in said)


def test_classic_bodies_get_their_paragraphs_captions_and_galleries() -> None:
    assert paragraphs("One\ntwo\n\nThree <b>x</b>\n\n<ul>\n<li>a</li>\n\n<li>b</li></ul>").count("<p>") == 2
    made, said = blocks_in(
        'Words\n\n[caption id="a"]<a href="/x.jpg"><img src="/x.jpg"></a> Said[/caption]\n\n[gallery ids="1,2"]\n\n'
        "[contact-form to=me][/contact-form] [[escaped]]\n\nhttps://vimeo.com/123456\n\n<pre>a\n\nb</pre>"
    )
    assert kinds(made) == ["text", "image", "gallery", "text", "video", "code"]
    assert made[1]["settings"]["caption"] == "Said"
    assert [one["settings"]["image"] for one in made[2]["children"]] == [f"{WANTED}#1", f"{WANTED}#2"]
    assert made[-1]["settings"]["code"] == "a\n\nb"
    assert any("contact-form" in one for one in said)


def test_what_runs_is_left_out_and_named() -> None:
    said: list[Message] = []
    hostile = '<p onclick="x">a</p><script>x</script><form><input></form><iframe src="https://evil.example/x"></iframe>'
    made = blocks_of(hostile + "<a href='javascript:x'>b</a>" + "<div>" * 5_000, said.append)
    text = str(tree.plain(tree.read(made, BOOK, actor=EDITOR)))
    assert not any(bad in text for bad in ("<script", "onclick", "<form", "<iframe", "javascript:"))
    assert len(said) == 3


def test_an_archive_gives_only_what_is_inside_it() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a.md", "../up.md", "/root.md", "C:/x.md", ".hidden/x.md", "..\\back.md"):
            archive.writestr(name, "x")
        link = zipfile.ZipInfo("link.md")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert opening.archive(out.getvalue()).names == ("a.md",)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", b"0" * 30_000_000)
    for data in (bomb.getvalue(), b"PK\x03\x04nothing"):
        with pytest.raises(Invalid):
            opening.archive(data)


@needs_samples
def test_every_sample_is_read_or_refused_by_line_and_reason() -> None:
    refused = {}
    for path in sorted(SAMPLES.rglob("*")):
        if not path.is_file() or path.name in ("LICENSE", "README.md"):
            continue
        format_ = {".xml": "wordpress", ".json": "ghost"}.get(path.suffix, "markdown")
        try:
            incoming, _along = opening.parse(format_, path.read_bytes(), path.name)
        except Invalid as error:
            refused[path.name] = str(error.message)
            continue
        for one in incoming.items:
            assert_turns(one)
    assert set(refused) == {"invalid-version-tag.xml", "malformed.xml", "missing-version-tag.xml"}
    assert "line 90" in refused["malformed.xml"]


def assert_turns(one: IncomingItem) -> None:
    tree.read(bare(turned(one, lambda _message: None, lambda name: name in BOOK)), BOOK, actor=EDITOR)


def test_what_visitors_said_keeps_its_paragraphs() -> None:
    said = "<p>One<br>two</p>\n<p>Three &amp; <b>four</b></p><ul><li>Five</li><li>Six</li></ul>\n\n\nSeven<script>x"
    assert lines_of(said) == "One\ntwo\n\nThree & four\n\nFive\nSix\n\nSeven"
