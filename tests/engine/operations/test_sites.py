"""A site goes out as one file and comes in whole, from either database into the other."""

import json
from pathlib import Path

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.commerce.catalog.models import Product, Variant
from engine.content.articles.models import Article, ArticleCategoryLink
from engine.content.articles.resources import ARTICLE_CATEGORIES
from engine.content.pages import queries
from engine.content.pages.models import Page, PageKind, PageVersion
from engine.core.actor import Role
from engine.core.errors import NotAllowed
from engine.media import public as media
from tests.clock import TestClock
from tests.factories import people
from tests.factories.pages import block
from tests.factories.pictures import photo
from tests.factories.sites import OWNER, WholeSite, another_house, exported, imported
from tests.postgres import PostgresServer


@pytest.fixture
async def whole(house: Ports) -> Ports:
    await WholeSite(house).build()
    return house


async def test_a_site_comes_back_equal_from_the_other_database(
    whole: Ports, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    await whole.jobs.run_until_idle()
    first = await exported(whole, tmp_path / "one.zip")
    empty = [name for name, lines in first.items() if not lines.strip()]
    assert empty == []
    if database_url.startswith("sqlite"):
        server: PostgresServer = request.getfixturevalue("postgres_server")
        other = server.create(template="template_agora")
    else:
        other = request.getfixturevalue("sqlite_url")
    async with another_house(tmp_path / "second", other, whole.clock) as second:
        tried = await imported(second, tmp_path / "one.zip", is_dry_run=True)
        assert await exported(second, tmp_path / "still-empty.zip") != first
        report = await imported(second, tmp_path / "one.zip")
        assert report["problems"] == []
        assert {tuple(counts) for counts in report["counts"].values()} == {("created",)}
        assert tried == report
        await second.jobs.run_until_idle()
        assert await exported(second, tmp_path / "two.zip") == first
        again = await imported(second, tmp_path / "one.zip")
        assert {tuple(counts) for counts in again["counts"].values()} == {("unchanged",)}


async def test_what_is_here_stays_unless_the_file_is_later_or_wins(
    whole: Ports, tmp_path: Path, clock: TestClock
) -> None:
    await exported(whole, tmp_path / "one.zip")
    site = WholeSite(whole)
    page = (await pages(whole))["About"]
    clock.move(minutes=1)
    await site.pages.save(page.id, page.edit, {"title": "About", "blocks": [block("text", text="<p>Mine</p>")]})
    kept = await imported(whole, tmp_path / "one.zip")
    assert kept["counts"]["pages"] == {"unchanged": len(await pages(whole)) - 1, "kept": 1}
    assert "Mine" in str((await site.pages.draft(page.id)).content)
    won = await imported(whole, tmp_path / "one.zip", replaces=True)
    assert won["counts"]["pages"]["updated"] == 1
    assert "We are" in str((await site.pages.draft(page.id)).content)
    async with whole.db.read() as session:
        versions = await session.scalars(select(PageVersion).where(PageVersion.page_id == page.id))
        assert any("Mine" in str(version.content) for version in versions)
    found = await site.pages.save(page.id, (await pages(whole))["About"].edit, {"title": "About", "blocks": []})
    assert found.number == 3
    assert await stock(whole) == {"Mug": 3, "Bowl": 7}


async def test_earlier_versions_come_along_behind_what_a_page_has_here(
    whole: Ports, tmp_path: Path, clock: TestClock
) -> None:
    page = (await pages(whole))["Best"]
    site = WholeSite(whole)
    held = await exported(whole, tmp_path / "one.zip")
    assert [json.loads(line)["note"] for line in held["data/page-versions.jsonl"].splitlines()] == ["", "Better now"]
    async with whole.db.write() as tx:
        gone = await tx.scalar(select(PageVersion).where(PageVersion.note == "Better now"))
        earlier = gone.at
        await tx.delete(gone)
    clock.move(minutes=1)
    await site.pages.save(page.id, page.edit, {"title": "Mine", "blocks": []})
    async with whole.db.write() as tx:
        taken = await tx.scalar(select(PageVersion).where(PageVersion.page_id == page.id, PageVersion.number == 5))
        taken.number = gone.number
    report = await imported(whole, tmp_path / "one.zip")
    assert report["counts"]["page-versions"] == {"created": 1, "unchanged": 1}
    assert (await site.pages.draft(page.id)).title == "Mine"
    history = await whole.db.query(queries.versions, page.id)
    assert [version.note for version in history] == ["", "Better now", "Best now", "", ""]
    assert history[1].number == 5
    assert history[1].at == earlier
    assert history[1].author_name == "Olive"


async def test_things_of_the_same_address_are_found_again_and_others_get_one_of_their_own(
    whole: Ports, tmp_path: Path, clock: TestClock, request: pytest.FixtureRequest
) -> None:
    await exported(whole, tmp_path / "one.zip")
    url = request.getfixturevalue("postgres_server").create(template="template_agora")
    async with another_house(tmp_path / "second", url, clock) as second:
        here = WholeSite(second)
        own = await here.record(ARTICLE_CATEGORIES, name="News")
        taken = await media.take(second.db, second.blobs, OWNER, data=photo(64, 48), filename="other.jpg")
        await here.pages.page("About", published=True)
        await here.pages.page("Top", kind=PageKind.HEADER, published=True)
        await here.shop.product("Bowl", sku="BOWL-1")
        report = await imported(second, tmp_path / "one.zip")
        assert report["counts"]["article-categories"] == {"kept": 1}
        assert report["counts"]["media"] == {"created": 1, "kept": 1}
        assert report["counts"]["products"] == {"created": 1, "failed": 1}
        assert report["counts"]["pages"]["kept"] == 1
        said = [problem["message"] for problem in report["problems"]]
        assert any("/about-2" in message for message in said)
        assert any("BOWL-1" in message for message in said)
        async with second.db.read() as session:
            article = await session.scalar(select(Article).where(Article.title == "Hello"))
            assert article.cover_id == taken.id
            shelf = await session.scalar(
                select(ArticleCategoryLink.category_id).where(ArticleCategoryLink.page_id == article.page_id)
            )
            assert shelf == own.id
        again = await imported(second, tmp_path / "one.zip")
        assert not {"created", "updated"} & {name for counts in again["counts"].values() for name in counts}


async def test_secrets_stay_and_entries_go_only_where_asked(whole: Ports, tmp_path: Path) -> None:
    held = await exported(whole, tmp_path / "one.zip", with_entries=False)
    assert not [name for name in held if "form-" in name]
    assert b"hush" not in b"".join(held.values())
    assert b"Ghent" not in b"".join(held.values())
    email = json.loads(held["data/settings.jsonl"].splitlines()[0])["value"]
    assert email["fromName"] == "Kiln"
    assert not {"provider", "credentials"} & set(email)


async def test_only_admins_have_the_whole_site(house: Ports, client: AsyncClient, tmp_path: Path) -> None:
    await people.account(house, Role.SUPER_ADMIN)
    editor = await people.account(house, Role.EDITOR)
    with pytest.raises(NotAllowed):
        await house.sites.export_to(house.db, editor, tmp_path / "x.zip", with_entries=False, tell=_tell)
    assert not held_in(tmp_path)
    headers = await people.bearer(house, editor)
    assert (await client.post("/api/v1/content/export", headers=headers)).status_code == 403


async def test_the_wire_exports_and_takes_it_back(house: Ports, client: AsyncClient) -> None:
    admin = await people.account(house, Role.SUPER_ADMIN)
    await WholeSite(house).pages.page("About", published=True)
    headers = await people.bearer(house, admin)
    assert (await client.post("/api/v1/content/export", headers=headers, json={"entries": 0})).status_code == 422
    begun = await client.post("/api/v1/content/export", headers=headers, json={"entries": True})
    assert begun.status_code == 202, begun.text
    await house.jobs.run_until_idle()
    job = begun.json()["jobId"]
    sent = await client.get(f"/api/v1/content/exports/{job}", headers=headers)
    assert sent.status_code == 200, sent.text
    assert sent.headers["content-type"] == "application/zip"
    taken = await client.post(
        "/api/v1/content/import", headers=headers, data={"format": "agora"}, files={"file": ("site.zip", sent.content)}
    )
    assert taken.status_code == 202, taken.text
    await house.jobs.run_until_idle()
    report = (await client.get(f"/api/v1/jobs/{taken.json()['jobId']}", headers=headers)).json()
    assert report["result"]["counts"]["pages"] == {"unchanged": 1}
    bad = await client.post(
        "/api/v1/content/import", headers=headers, data={"format": "agora"}, files={"file": ("site.zip", b"PK\3\4")}
    )
    assert bad.status_code == 422
    assert (await client.get(f"/api/v1/content/exports/{job}")).status_code in (401, 403)


async def _tell(_done: int, _total: int) -> None: ...


def held_in(folder: Path) -> list[Path]:
    return list(folder.glob("*x.zip*"))


async def pages(house: Ports) -> dict[str, Page]:
    async with house.db.read() as session:
        return {page.title: page for page in await session.scalars(select(Page))}


async def stock(house: Ports) -> dict[str, int]:
    async with house.db.read() as session:
        rows = await session.execute(select(Product.name, func.sum(Variant.stock)).join(Variant).group_by(Product.name))
        return dict(row._tuple() for row in rows)
