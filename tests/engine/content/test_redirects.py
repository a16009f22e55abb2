"""Redirects: the most exact one leads, nobody goes in a circle, and visitors who find nothing are remembered."""

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from engine.api.ports import Ports
from engine.content import missing
from engine.content.footprints import MOST_WAITING, is_of_a_person
from engine.content.models import MissingPage, Redirect
from engine.content.resources import REDIRECTS
from engine.core.actor import Actor, Role
from engine.core.errors import Invalid, NotAllowed
from engine.core.ids import new_id
from engine.core.records import writing

EDITOR = Actor.person(new_id(), Role.EDITOR, "edith@example.org", "Edith")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BROWSER = {"User-Agent": FIREFOX, "Accept": "text/html", "Sec-Fetch-Dest": "document"}


async def lead(house: Ports, source: str, target: str = "", status_code: int = 301) -> Redirect:
    """Make a redirect as an editor does."""
    values = {"source_path": source, "target_url": target, "status_code": status_code}
    async with house.db.write() as tx:
        made: Redirect = await writing.create(tx, EDITOR, REDIRECTS, values)
    return made


async def missed(house: Ports) -> list[tuple[str, int, str]]:
    await house.footprints.flush()
    async with house.db.read() as session:
        found = await session.execute(
            select(MissingPage.path, MissingPage.hits, MissingPage.referrer).order_by(MissingPage.path)
        )
        return [tuple(row) for row in found]


class TestFollow:
    async def test_the_most_exact_one_leads_and_a_star_keeps_what_stood_there(
        self, house: Ports, owner: Actor, client: AsyncClient
    ) -> None:
        for source, target in (
            ("/old/*", "/new/*"),
            ("/old/shop/*", "https://shop.example/all"),
            ("/old/shop/mug", "/products/blue-mug#size"),
            ("/blog/*", "/"),
        ):
            await lead(house, source, target)
        ways = {
            "/old/about/team": "/new/about/team",
            "/old": "/new/",
            "/old/": "/new/",
            "/old/shop/cup": "https://shop.example/all",
            "/old/shop/mug/": "/products/blue-mug#size",
            "/old/shop/mug?colour=blue": "/products/blue-mug?colour=blue#size",
            "/blog/2020/05": "/",
        }
        for path, target in ways.items():
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (301, target), path
        assert (await client.get("/older")).status_code == 404

    async def test_visitors_are_counted_and_what_is_gone_says_so(
        self, house: Ports, owner: Actor, client: AsyncClient
    ) -> None:
        await lead(house, "/autumn-sale", status_code=410)
        for _visit in range(3):
            answer = await client.get("/autumn-sale", headers=BROWSER)
            assert answer.status_code == 410
            assert "gone" in answer.text
        await house.footprints.flush()
        async with house.db.read() as session:
            row = (await session.execute(select(Redirect.hits, Redirect.last_hit_at))).one()
        assert (row.hits, row.last_hit_at) == (3, house.clock.now())

    async def test_a_whole_address_of_the_page_itself_leads_nowhere(
        self, house: Ports, owner: Actor, client: AsyncClient
    ) -> None:
        await lead(house, "/round", "http://localhost/round")
        assert (await client.get("/round")).status_code == 404


class TestRefuse:
    async def test_a_circle_is_named(self, house: Ports) -> None:
        await lead(house, "/a", "/b")
        with pytest.raises(Invalid, match="/b → /a → /b"):
            await lead(house, "/b", "/a")
        with pytest.raises(Invalid, match="/c → /c"):
            await lead(house, "/c", "/c")
        with pytest.raises(Invalid, match="circle"):
            await lead(house, "/x/*", "/x/y/*")
        await lead(house, "/en/*", "/*")
        with pytest.raises(Invalid, match="circle: /d → /en/d → /d"):
            await lead(house, "/d", "/en/d")
        await lead(house, "/news", "/de/news")
        with pytest.raises(Invalid, match="circle"):
            await lead(house, "/de/*", "/*")

    async def test_a_chain_is_named_from_both_its_ends(self, house: Ports) -> None:
        await lead(house, "/a", "/b")
        with pytest.raises(Invalid, match="/z → /a → /b"):
            await lead(house, "/z", "/a")
        with pytest.raises(Invalid, match="/a → /b → /c"):
            await lead(house, "/b", "/c")

    async def test_a_change_into_a_circle_is_refused_and_one_elsewhere_is_not(self, house: Ports) -> None:
        await lead(house, "/a", "/b")
        row = await lead(house, "/c", "/d")
        async with house.db.write() as tx:
            with pytest.raises(Invalid, match="leads on"):
                await writing.update(tx, EDITOR, REDIRECTS, row.id, {"target_url": "/a"})
        async with house.db.write() as tx:
            changed = await writing.update(tx, EDITOR, REDIRECTS, row.id, {"status_code": 410})
        assert (changed.target_url, changed.status_code) == ("", 410)

    @pytest.mark.parametrize(
        ("source", "target"),
        [
            ("/a", "javascript:alert(1)"),
            ("/a", "//evil.example"),
            ("/a", "/\\evil.example"),
            ("/a", ""),
            ("/a", "/b/*"),
            ("/a/*", "/b/*/*"),
            ("/a*", "/b"),
            ("/*/a/*", "/b"),
            ("//a", "/b"),
            ("/a?b=c", "/b"),
            ("/a#b", "/b"),
            ("/a", "#b"),
            ("a", "/b"),
        ],
    )
    async def test_what_is_no_address_is_refused(self, house: Ports, source: str, target: str) -> None:
        with pytest.raises(Invalid):
            await lead(house, source, target)


class TestMiss:
    async def test_people_are_counted_and_robots_files_and_door_triers_are_not(
        self, house: Ports, owner: Actor, client: AsyncClient
    ) -> None:
        for path in ("/lost", "/lost", "/wp-login.php", "/.env", "/photo.jpg", "/a//b"):
            await client.get(path, headers={**BROWSER, "Referer": "https://blog.example/post"})
        await client.get("/lost", headers={**BROWSER, "User-Agent": "Googlebot/2.1"})
        await client.get("/lost", headers={**BROWSER, "User-Agent": ""})
        await client.get("/lost", headers={**BROWSER, "Sec-Fetch-Dest": "image"})
        await client.get("/old.html", headers={**BROWSER, "Referer": "javascript:alert(1)"})
        assert await missed(house) == [("/lost", 2, "https://blog.example/post"), ("/old.html", 1, "")]
        assert not is_of_a_person("/x", "Mozilla/5.0 (compatible; AhrefsBot/7.0)")

    async def test_a_flood_of_addresses_stays_small(self, house: Ports) -> None:
        for number in range(MOST_WAITING + 200):
            house.footprints.miss(f"/flood/{number}", "", FIREFOX)
        house.footprints.miss("/" + "x" * 600, "", FIREFOX)
        assert len(await missed(house)) == MOST_WAITING

    async def test_mending_leads_visitors_on_and_empties_the_list(
        self, house: Ports, owner: Actor, client: AsyncClient
    ) -> None:
        house.footprints.miss("/lost", "", FIREFOX)
        await missed(house)
        async with house.db.read() as session:
            lost = (await session.scalars(select(MissingPage))).one()
        async with house.db.write() as tx:
            with pytest.raises(NotAllowed):
                await missing.mend(tx, Actor.person(new_id(), Role.VIEWER, "v@example.org", "V"), lost.id, "/", 301)
        async with house.db.write() as tx:
            await missing.mend(tx, EDITOR, lost.id, "/products", 301)
        house.footprints.miss("/lost", "", FIREFOX)
        assert await missed(house) == []
        assert (await client.get("/lost")).headers["location"] == "/products"
