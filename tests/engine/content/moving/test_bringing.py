"""A site moves in: everything stands where it stood, and the same export again makes nothing twice."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.content.articles.models import Article, ArticleAuthor, ArticleCategory
from engine.content.comments.models import Comment
from engine.content.menus.models import Menu
from engine.content.moving.models import ImportedItem
from engine.content.pages.models import Page, PageVisibility
from engine.content.public import redirect_for
from engine.core.actor import Actor, Role
from engine.core.errors import Invalid, NotAllowed
from tests.factories import exports, people
from tests.factories.pages import Site, block
from tests.factories.pictures import photo

SAMPLES = Path(os.environ.get("AGORA_SAMPLES", "")) / "02-cms-import"
FILED = '<category domain="category" nicename="news"><![CDATA[News]]></category>'


@pytest.fixture
async def editor(house: Ports) -> Actor:
    await people.account(house, Role.SUPER_ADMIN)
    return await people.account(house, Role.EDITOR, name="Edda")


async def moved(house: Ports, actor: Actor, path: Path, files: Path | None = None, **more: Any) -> Mapping[str, Any]:
    async def tell(_done: int, _total: int) -> None: ...

    asked = {"format_": "wordpress", "is_dry_run": False, "as_drafts": False, **more}
    return await house.moving.run_here(house.db, actor, path=path, files=files, tell=tell, **asked)


def old_site(folder: Path, body: str = "Hello there") -> Path:
    menu = (
        '<item><title>News</title><wp:post_id>90</wp:post_id><wp:status>publish</wp:status>'
        '<wp:post_type>nav_menu_item</wp:post_type><wp:menu_order>1</wp:menu_order>'
        '<category domain="nav_menu" nicename="main"><![CDATA[Main]]></category>'
        '<wp:postmeta><wp:meta_key>_menu_item_type</wp:meta_key><wp:meta_value>post_type</wp:meta_value></wp:postmeta>'
        '<wp:postmeta><wp:meta_key>_menu_item_object_id</wp:meta_key><wp:meta_value>11</wp:meta_value></wp:postmeta></item>'
    )  # fmt: skip
    file = (
        "<item><title>Cat</title><wp:post_id>50</wp:post_id><wp:status>inherit</wp:status>"
        "<wp:post_type>attachment</wp:post_type><wp:attachment_url>https://old.example/up/cat.png</wp:attachment_url></item>"
    )
    cover = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>50</wp:meta_value></wp:postmeta>"
    thread = exports.comment(1, "First") + exports.comment(2, "Answer", 1)
    linked = f'{body}\n\n<a href="https://old.example/about/#team">us</a>\n\n<img src="https://old.example/up/cat-300x200.png">'
    path = folder / "old.xml"
    path.write_bytes(
        exports.wordpress(
            file,
            exports.item(10, "Hello", linked, more=FILED + cover + thread),
            exports.item(12, "Team", "Us", kind="page", parent="11"),
            exports.item(11, "About", "We are", kind="page"),
            exports.item(13, "Secret", "x", kind="page", status="private"),
            menu,
        )
    )
    return path


async def test_a_site_moves_in_and_the_same_again_changes_nothing(
    house: Ports, editor: Actor, tmp_path: Path, client: AsyncClient
) -> None:
    files = tmp_path / "files.zip"
    files.write_bytes(exports.packed({"uploads/cat.png": photo(640, 480)}))
    path = old_site(tmp_path)
    found = await moved(house, editor, path, files)
    assert found["counts"]["articles"] == {"created": 1}
    assert found["counts"]["pages"] == {"created": 3}
    assert found["counts"]["files"] == {"created": 1}
    assert found["counts"]["comments"] == {"created": 2}
    pages = {one["title"]: one for one in (await client.get("/api/v1/pages")).json()["items"]}
    assert pages["Team"]["url"] == "/about/team"
    assert "Secret" not in pages
    (article,) = (await client.get("/api/v1/articles")).json()["items"]
    assert article["url"] == "/blog/hello"
    shown = (await client.get("/blog/hello", headers={"Accept": "text/html"})).text
    assert 'href="/about#team"' in shown
    assert "/media/" in shown
    assert "2 comments" in (await client.get("/blog", headers={"Accept": "text/html"})).text
    moved_to = await house.db.query(redirect_for, "/hello")
    assert moved_to is not None
    assert moved_to.target_url == "/blog/hello"
    tried = await moved(house, editor, path, files, is_dry_run=True)
    again = await moved(house, editor, path, files)
    assert tried["counts"] == again["counts"]
    assert {kind: list(counts) for kind, counts in again["counts"].items()} == {
        kind: ["unchanged"] for kind in again["counts"]
    }
    async with house.db.read() as session:
        counts = [await session.scalar(select(func.count()).select_from(one)) for one in (Page, Comment, Menu)]
        assert counts == [4, 2, 4]
        private = await session.scalar(select(Page).where(Page.title == "Secret"))
        assert private is not None
        assert private.visibility is PageVisibility.ROLES
        hello = await session.scalar(select(Page).where(Page.title == "Hello"))
        assert hello is not None
        assert hello.first_published_at is not None
        assert hello.first_published_at.year == 2019


async def test_what_staff_changed_since_is_left_and_the_rest_follows(
    house: Ports, editor: Actor, tmp_path: Path
) -> None:
    await moved(house, editor, old_site(tmp_path))
    site = Site(house, editor)
    async with house.db.read() as session:
        about = await session.scalar(select(Page.id).where(Page.title == "About"))
        hello = await session.scalar(select(Page.id).where(Page.title == "Hello"))
    await site.save(about, 1, {"title": "About", "blocks": [block("text", text="<p>Mine</p>")]})
    old_site(tmp_path, "Hello again")
    (tmp_path / "old.xml").write_bytes((tmp_path / "old.xml").read_bytes().replace(b"We are", b"We were"))
    tried = await moved(house, editor, tmp_path / "old.xml", is_dry_run=True)
    found = await moved(house, editor, tmp_path / "old.xml")
    assert tried["counts"]["pages"] == found["counts"]["pages"]
    assert tried["counts"]["articles"] == found["counts"]["articles"]
    assert found["counts"]["pages"] == {"unchanged": 2, "kept": 1}
    assert found["counts"]["articles"] == {"updated": 1}
    assert "Mine" in str((await site.draft(about)).content)
    assert "Hello again" in str((await site.draft(hello)).content)


async def test_a_trial_changes_nothing_and_drafts_are_not_published(
    house: Ports, editor: Actor, tmp_path: Path, client: AsyncClient
) -> None:
    path = old_site(tmp_path)
    tried = await moved(house, editor, path, is_dry_run=True)
    assert tried["counts"]["pages"] == {"created": 3}
    async with house.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Page)) == 0
        assert await session.scalar(select(func.count()).select_from(ImportedItem)) == 0
        assert await session.scalar(select(func.count()).select_from(ArticleCategory)) == 0
    await moved(house, editor, path, as_drafts=True)
    assert (await client.get("/api/v1/pages")).json()["total"] == 0


async def test_an_import_over_the_wire_is_a_job_with_a_report(
    house: Ports, editor: Actor, tmp_path: Path, client: AsyncClient
) -> None:
    headers = await people.bearer(house, editor)
    data = {"file": ("old.xml", old_site(tmp_path).read_bytes())}
    begun = await client.post("/api/v1/content/import", files=data, data={"format": "wordpress"}, headers=headers)
    assert begun.status_code == 202, begun.text
    await house.jobs.run_until_idle()
    job = (await client.get(f"/api/v1/jobs/{begun.json()['jobId']}", headers=headers)).json()
    assert job["status"] == "succeeded", job
    assert job["result"]["counts"]["pages"] == {"created": 3}
    bad = {"file": ("old.xml", b"<rss><channel></rss>")}
    refused = await client.post("/api/v1/content/import", files=bad, data={"format": "wordpress"}, headers=headers)
    assert refused.status_code == 422
    assert "line 1" in refused.json()["detail"]


async def test_nobody_below_editor_moves_anything_in(house: Ports, tmp_path: Path) -> None:
    viewer = await people.account(house, Role.VIEWER)
    with pytest.raises(NotAllowed):
        await moved(house, viewer, old_site(tmp_path))


async def test_a_folder_of_markdown_moves_in(house: Ports, editor: Actor, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("---\ntitle: One\nimage: cat.png\n---\nHello")
    (tmp_path / "cat.png").write_bytes(photo(64, 48))
    found = await moved(house, editor, tmp_path, format_="markdown")
    assert found["counts"]["articles"] == {"created": 1}
    assert found["counts"]["files"] == {"created": 1}
    with pytest.raises(Invalid):
        await moved(house, editor, tmp_path, format_="ghost")


async def test_the_screens_try_and_then_bring_in(
    house: Ports, editor: Actor, tmp_path: Path, client: AsyncClient
) -> None:
    client.cookies.update(await people.cookie(house, editor))
    html = {"Accept": "text/html"}
    assert "WordPress" in (await client.get("/admin/pages/import", headers=html)).text
    sent = {"file": ("old.xml", old_site(tmp_path).read_bytes())}
    tried = await client.post(
        "/admin/pages/import", files=sent, data={"format": "wordpress", "act": "try"}, headers=html
    )
    await house.jobs.run_until_idle()
    shown = await client.get(tried.headers["location"], headers=html)
    assert "Nothing was changed" in shown.text
    begun = await client.post(tried.headers["location"], headers=html)
    await house.jobs.run_until_idle()
    assert "It is here" in (await client.get(begun.headers["location"], headers=html)).text
    bad = {"file": ("old.xml", b"nothing")}
    refused = await client.post("/admin/pages/import", files=bad, data={"format": "wordpress"}, headers=html)
    assert refused.status_code == 422
    assert "line 1" in refused.text


async def test_authors_are_names_alone_until_somebody_says_whose_account_they_have(
    house: Ports, editor: Actor, tmp_path: Path, client: AsyncClient
) -> None:
    client.cookies.update(await people.cookie(house, editor))
    html = {"Accept": "text/html"}
    sent = {"file": ("old.xml", old_site(tmp_path).read_bytes())}
    tried = await client.post("/admin/pages/import", files=sent, data={"format": "wordpress"}, headers=html)
    await house.jobs.run_until_idle()
    shown = await client.get(tried.headers["location"], headers=html)
    assert "Who wrote" in shown.text
    assert "Edda" in shown.text
    chosen = {"author-0": str(editor.user_id)}
    await client.post(tried.headers["location"], data=chosen, headers=html)
    await house.jobs.run_until_idle()
    async with house.db.read() as session:
        (author,) = (await session.scalars(select(ArticleAuthor))).all()
        assert author.user_id == editor.user_id
        assert await session.scalar(select(Article.author_id).where(Article.title == "Hello")) == author.id
    with pytest.raises(Invalid, match="Nobody of the staff"):
        await moved(house, editor, tmp_path / "old.xml", authors={"ada": "nobody@example.org"})


async def test_an_article_begun_over_the_wire_is_in_the_name_of_who_began_it(
    house: Ports, editor: Actor, client: AsyncClient
) -> None:
    headers = await people.bearer(house, editor)
    for path, sent in (
        ("/api/v1/articles", {"title": "One"}),
        ("/api/v1/pages/begin", {"title": "Two", "kind": "article"}),
    ):
        made = await client.post(path, json=sent, headers=headers)
        assert made.status_code == 201, made.text
    listed = (await client.get("/api/v1/articles", headers=headers)).json()["items"]
    assert {one["authorName"] for one in listed} == {"Edda"}


async def test_reusable_blocks_own_taxonomies_and_numbers_come_along(
    house: Ports, editor: Actor, tmp_path: Path, client: AsyncClient
) -> None:
    path = tmp_path / "old.xml"
    genre = '<category domain="genre" nicename="jazz"><![CDATA[Jazz]]></category>'
    path.write_bytes(
        exports.wordpress(
            exports.item(10, "Concert", '<!-- wp:block {"ref":77} /--><!-- wp:block {"ref":5} /-->', more=genre),
            exports.item(11, "About", "We are", kind="page"),
            exports.item(77, "Hours", "<!-- wp:paragraph --><p>9 to 5</p><!-- /wp:paragraph -->", kind="wp_block"),
        )
    )
    found = await moved(house, editor, path)
    assert found["counts"]["blocks"] == {"created": 1}
    said = [one["message"] for one in found["problems"]]
    assert any("reusable block 5" in message for message in said)
    assert any("genre" in message and "Jazz" in message for message in said)
    html = {"Accept": "text/html"}
    shown = (await client.get("/blog/concert", headers=html)).text
    assert "9 to 5" in shown
    assert "Jazz" in shown
    for number, place in (("p=10", "/blog/concert"), ("page_id=11", "/about"), ("p=11", "/about")):
        led = await client.get(f"/?{number}", headers=html)
        assert (led.status_code, led.headers["location"]) == (301, place)
    for number in ("p=77", "p=999", "p=-1", "p=x", "p=٣"):
        assert (await client.get("/", params=dict([number.split("=")]), headers=html)).status_code == 200
    again = await moved(house, editor, path)
    assert {name for counts in again["counts"].values() for name in counts} == {"unchanged"}


async def test_pages_take_comments_where_their_writer_lets_them(
    house: Ports, editor: Actor, tmp_path: Path, client: AsyncClient
) -> None:
    path = tmp_path / "old.xml"
    thread = exports.comment(1, "First of all") + exports.comment(2, "Answer", 1)
    path.write_bytes(
        exports.wordpress(
            exports.item(11, "About", "We are", kind="page", more=thread),
            exports.item(12, "Plain", "We are", kind="page"),
        )
    )
    assert (await moved(house, editor, path))["counts"]["comments"] == {"created": 2}
    html = {"Accept": "text/html"}
    shown = (await client.get("/about", headers=html)).text
    assert "First of all" in shown
    assert "/comments/page/" in shown
    assert "/comments/page/" not in (await client.get("/plain", headers=html)).text
    form = re.search(r"/comments/page/[0-9a-f-]+/write", shown)
    assert form is not None
    assert (await client.get(form[0], headers=html)).status_code == 200
    async with house.db.read() as session:
        plain = await session.scalar(select(Page.id).where(Page.title == "Plain"))
    assert (await client.get(f"/comments/page/{plain}/write", headers=html)).status_code in (404, 409)


def dated(folder: Path, day: int, body: str, born: str = "2019-05-01") -> Path:
    """Return an export of one article, written on a day of May 2026."""
    path = folder / "old.xml"
    head = f"<pubDate>{day:02} May 2026 09:00:00 +0000</pubDate>"
    data = exports.wordpress(exports.item(1, "Hello world!", body, slug="hello-world"), head=head)
    path.write_bytes(data.replace(b"2019-05-01", born.encode()))
    return path


async def test_another_site_of_the_same_address_stands_beside_the_first(
    house: Ports, editor: Actor, tmp_path: Path
) -> None:
    async def comes(day: int, body: str, born: str = "2019-05-01") -> tuple[str, bool]:
        tried = await moved(house, editor, dated(tmp_path, day, body, born), is_dry_run=True)
        found = await moved(house, editor, dated(tmp_path, day, body, born))
        assert tried["counts"]["articles"] == found["counts"]["articles"]
        (outcome,) = found["counts"]["articles"]
        return outcome, bool(found["problems"])

    assert await comes(2, "Ours") == ("created", False)
    assert await comes(3, "Ours, mended") == ("updated", False)
    assert await comes(3, "Ours, by somebody else") == ("created", True)
    assert await comes(4, "Theirs", born="2020-01-01") == ("created", True)
    assert await comes(1, "Ours, of old") == ("kept", True)
    for day, body, born in ((3, "Ours, mended", "2019-05-01"), (4, "Theirs", "2020-01-01")):
        assert await comes(day, body, born) == ("unchanged", False)
    assert await comes(5, "Ours, mended again") == ("updated", False)
    async with house.db.read() as session:
        paths = sorted(await session.scalars(select(Page.path)))
        assert paths == ["/blog/hello-world", "/blog/hello-world-2", "/blog/hello-world-3"]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="AGORA_SAMPLES names no samples")
async def test_every_sample_goes_into_one_site_and_nothing_of_any_is_lost(house: Ports, editor: Actor) -> None:
    small = [path for path in sorted(SAMPLES.rglob("*.xml")) if path.stat().st_size < 30_000]
    refused = ("invalid-version-tag.xml", "malformed.xml", "missing-version-tag.xml")
    wanted = 0
    for tour in ("created", "unchanged"):
        for path in (*(one for one in small if one.name not in refused), SAMPLES / "hexo-markdown"):
            found = await moved(house, editor, path, format_="markdown" if path.is_dir() else "wordpress")
            counts = [found["counts"].get(name, {}) for name in ("pages", "articles", "blocks")]
            assert {name for one in counts for name in one} <= {tour}, path.name
            wanted += sum(one.get("created", 0) for one in counts)
    async with house.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Page)) == wanted
        paths = await session.scalars(select(Page.path))
        assert len([path for path in paths if path and path.startswith("/blog/hello-world")]) >= 5


async def test_a_site_with_a_long_name_brings_its_comments(house: Ports, editor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "old.xml"
    long = b"https://a-rather-long-name-of-a-small-organisation.example.org/and/below"
    data = exports.wordpress(exports.item(10, "Hello", "Hi", more=exports.comment(1, "First")))
    path.write_bytes(data.replace(b"https://old.example", long))
    for outcome in ("created", "unchanged"):
        tried = await moved(house, editor, path, is_dry_run=True)
        assert (await moved(house, editor, path))["counts"]["comments"] == {outcome: 1} == tried["counts"]["comments"]
