"""Gated files as visitors meet them: what is needed is said, links are bound and run out, and nothing is guessed."""

import re
from html import unescape
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from engine.api.ports import Ports
from engine.commerce.ordering.letters import status_url
from engine.commerce.ordering.states import OrderStatus
from engine.content.files import files, links
from engine.content.files.models import FileDownload, GatedFile
from engine.content.files.resources import GATED_FILES
from engine.core.actor import Actor, Role
from engine.core.ids import new_id
from engine.core.records import bin as trash
from engine.core.records import writing
from tests.clock import TestClock
from tests.factories import people
from tests.factories.files import pdf
from tests.factories.forms import STAFF, Desk
from tests.factories.pages import Site, block
from tests.factories.shop import Shop
from tests.security.pages import problems_of
from ui.assets import FOLDER

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"
)
LINK = re.compile(r'href="(/files/[^"]*/download[^"]*)"')
DATA = pdf()
PAID = [
    {"id": "email", "type": "email", "label": "E-mail", "required": True},
    {
        "id": "fee",
        "type": "payment",
        "label": "Fee",
        "pays": "choice",
        "prices": [{"amountMinor": 2500}, {"amountMinor": 4000}],
        "currency": "USD",
        "required": True,
    },
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages know no database."""
    return sqlite_url


class Vault:
    """The wired house as one that keeps files, and a stranger's browser."""

    def __init__(self, house: Ports, client: AsyncClient) -> None:
        self.house, self.client = house, client
        client.headers.update({"accept": "text/html"})

    async def file(self, rule: str, *, data: bytes = DATA, **values) -> UUID:
        async with self.house.db.write() as tx:
            made = await writing.create(tx, STAFF, GATED_FILES, {"title": "Catalogue", "rule": rule, **values})
        if data:
            await files.put(self.house.db, self.house.blobs, STAFF, made.id, data, "catalogue.pdf")
        return made.id

    async def see(self, path: str = "/files/catalogue", **headers) -> str:
        answer = await self.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text[:300]
        assert problems_of(answer.text) == []
        return answer.text

    async def link(self, path: str = "/files/catalogue") -> str:
        found = LINK.search(await self.see(path))
        return unescape(found[1]) if found else ""

    async def sign_in(self, actor: Actor) -> None:
        self.client.cookies.clear()
        self.client.cookies.update(await people.cookie(self.house, actor))

    async def downloads(self) -> list[str]:
        async with self.house.db.read() as session:
            count = await session.scalar(select(GatedFile.downloads))
            rows = list(await session.scalars(select(FileDownload.who).order_by(FileDownload.id)))
        assert count == len(rows)
        return rows


@pytest.fixture
def vault(house: Ports, client: AsyncClient, owner: Actor) -> Vault:
    assert owner.is_staff
    return Vault(house, client)


class TestRules:
    async def test_an_account_is_asked_for_and_then_enough(self, house, vault):
        await vault.file("signed_in")
        assert "/account/sign-in?next=/files/catalogue" in await vault.see()
        assert await vault.link() == ""
        await vault.sign_in(await people.account(house, Role.CUSTOMER))
        answer = await vault.client.get(await vault.link())
        assert answer.content == DATA
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-type"] == "application/pdf"

    async def test_a_role_lets_in_those_above_it_and_none_says_so_to_nobody(self, house, vault):
        await vault.file("role", role=Role.STORE_MANAGER)
        await vault.sign_in(await people.account(house, Role.VIEWER))
        assert "not open to your account" in await vault.see()
        await vault.sign_in(await people.account(house, Role.STORE_MANAGER))
        assert await vault.link()

    async def test_a_rule_without_what_it_asks_for_is_for_nobody(self, house, vault):
        for rule in ("role", "purchase", "form"):
            await vault.file(rule, title=rule)
        await vault.sign_in(await people.account(house, Role.CUSTOMER))
        for rule in ("role", "purchase", "form"):
            assert "not open now" in await vault.see(f"/files/{rule}")

    async def test_what_its_rule_asks_for_may_never_have_been_there(self, house, vault):
        await vault.file("form", form_id=new_id())
        await vault.file("purchase", title="Second", product_id=new_id())
        for slug in ("catalogue", "second"):
            assert "not open now" in await vault.see(f"/files/{slug}")

    async def test_who_paid_for_the_product_has_it_and_who_only_ordered_does_not(self, house, vault):
        shop = Shop(house)
        product = await shop.product(stock=5)
        await vault.file("purchase", product_id=product.id)
        buyer = await people.account(house, Role.CUSTOMER)
        order = await shop.order(product=product, actor=buyer)
        assert f'href="/products/{product.slug}"' in await vault.see()
        await vault.sign_in(buyer)
        assert await vault.link() == ""
        await shop.pay(order)
        assert await vault.link()
        await vault.sign_in(await people.account(house, Role.VIEWER))
        assert await vault.link() == ""

    async def test_who_sends_the_form_is_led_back_to_it(self, house, vault, clock):
        form = await Desk(house).form()
        other = await Desk(house).form(name="Other")
        file_id = await vault.file("form", form_id=form.id)
        text = await vault.see()
        ticket = re.search(r'name="ticket" value="([^"]*)"', text)[1]
        clock.move(seconds=30)
        sent = {"ticket": ticket, "forFile": "catalogue", "contact.name": "Ada", "contact.email": "ada@example.org"}
        led = (await vault.client.post("/forms/contact", data=sent)).headers["location"]
        assert led.startswith("/files/catalogue?fill=")
        assert (await vault.client.get(await vault.link(led))).status_code == 200
        assert await vault.downloads() == ["ada@example.org"]
        assert await vault.link() == ""
        assert await vault.link(led[:-2]) == ""
        clock.move(days=8)
        assert await vault.link(led) == ""
        async with house.db.write() as tx:
            await writing.update(tx, STAFF, GATED_FILES, file_id, {"form_id": other.id})
        clock.move(days=-8)
        assert await vault.link(led) == ""

    async def test_a_form_that_asks_for_money_opens_it_once_that_is_here(self, house, vault, shop, clock):
        await shop.takes_cards()
        form = await Desk(house).form(PAID)
        file_id = await vault.file("form", form_id=form.id)
        await vault.file("form", title="Of another form", form_id=new_id())
        taken = await Desk(house).send(form, {"email": "ada@example.org", "fee": {"amount": "25.00", "way": "manual"}})
        order = await shop.see_order(taken.order_id)
        page = status_url(order, house.secrets)
        proof = links.fill(house.secrets, file_id, taken.entry_id, clock.now())
        assert "/files/" not in await vault.see(page)
        assert "as soon as your payment is here" in await vault.see(f"/files/catalogue?fill={proof}")
        await shop.pay(order)
        await house.jobs.run_until_idle()
        (led,) = re.findall(r'href="(/files/[^"]+)"', await vault.see(page))
        assert (await vault.client.get(await vault.link(led))).status_code == 200
        assert await vault.downloads() == ["ada@example.org"]
        await shop.step(await shop.see_order(order.id), OrderStatus.CANCELLED)
        await house.jobs.run_until_idle()
        assert await vault.link(led) == ""
        assert "/files/" not in await vault.see(page)

    async def test_another_forms_file_is_not_opened_by_naming_it(self, house, vault, clock):
        form = await Desk(house).form()
        await vault.file("form", form_id=(await Desk(house).form(name="Other")).id)
        ticket = Desk(house).ticket(form)
        clock.move(seconds=30)
        sent = {"ticket": ticket, "forFile": "catalogue", "contact.name": "Ada", "contact.email": "ada@example.org"}
        assert (await vault.client.post("/forms/contact", data=sent)).headers["location"] == "/forms/contact/thanks"


class TestLinks:
    async def test_a_link_runs_out_is_bound_to_its_file_and_its_bytes(self, house, vault, clock: TestClock):
        file_id = await vault.file("everybody")
        await vault.file("everybody", title="Second")
        link = await vault.link()

        async def is_open(path: str) -> bool:
            return (await vault.client.get(path)).status_code == 200

        assert await is_open(link)
        for other in (
            link.replace("catalogue", "second"),
            re.sub(r"until=\d+", "until=99999999999", link),
            re.sub(r"for=[^&]*", "for=u" + "0" * 32, link),
            link[:-1],
            link.partition("?")[0],
            f"{link.partition('?')[0]}?until={'9' * 500}&for=x&key=x",
            f"{link.partition('?')[0]}?until=x&for=-&key=%C3%BC",
        ):
            assert not await is_open(other), other
        clock.move(minutes=16)
        answer = await vault.client.get(link)
        assert (answer.status_code, answer.headers["location"]) == (303, "/files/catalogue")
        clock.move(minutes=-16)
        await files.put(house.db, house.blobs, STAFF, file_id, pdf() + b"\n", "new.pdf")
        assert not await is_open(link)

    async def test_parts_are_answered_and_counted_once(self, vault):
        await vault.file("everybody")
        link = await vault.link()

        async def part(asked: str):
            return await vault.client.get(link, headers={"Range": asked})

        first = await part("bytes=0-9")
        assert (first.status_code, first.content) == (206, DATA[:10])
        assert first.headers["content-range"] == f"bytes 0-9/{len(DATA)}"
        assert (await part("bytes=10-")).content == DATA[10:]
        assert (await part("bytes=-4")).content == DATA[-4:]
        assert (await part(f"bytes={len(DATA)}-")).status_code == 416
        assert (await part("bytes=9-2,3-4")).content == DATA
        assert await vault.downloads() == [""]

    async def test_nothing_is_reached_by_guessing(self, house, vault):
        file_id = await vault.file("signed_in")
        for path in (
            f"/files/{file_id}/download",
            f"/admin/files/{file_id}/content",
            f"/media/private/files/{file_id}",
            f"/api/v1/files/{file_id}",
        ):
            assert (await vault.client.get(path, headers={"accept": "application/json"})).status_code in (
                303,
                401,
                404,
                422,
            )

    async def test_what_is_not_offered_or_has_no_bytes_has_no_page(self, vault):
        await vault.file("everybody", data=b"")
        await vault.file("everybody", title="Off", is_hidden=True)
        for slug in ("catalogue", "off", "nowhere"):
            assert (await vault.client.get(f"/files/{slug}")).status_code == 404
            assert (await vault.client.get(f"/files/{slug}/download")).status_code == 404


class TestStaff:
    async def test_a_file_is_put_there_and_saved_again_by_staff(self, house, vault, owner):
        file_id = await vault.file("role", data=b"")
        await vault.sign_in(owner)
        assert "Say which role" in await vault.see(f"/admin/files/{file_id}")
        for name, data in (("a.pdf", DATA), ("<b>.html", b"<html><script>alert(1)</script>")):
            await vault.client.post(f"/admin/files/{file_id}/content", files={"file": (name, data, "text/html")})
            answer = await vault.client.get(f"/admin/files/{file_id}/content")
            assert answer.content == data
        assert answer.headers["content-type"] == "application/octet-stream"
        empty = await vault.client.post(f"/admin/files/{file_id}/content", files={"file": ("a", b"", "x")})
        assert empty.status_code == 303
        await vault.see(f"/admin/files/{file_id}")

    async def test_bytes_stay_while_it_can_come_back_and_go_afterwards(self, house, vault, clock):
        file_id = await vault.file("everybody")
        async with house.db.write() as tx:
            binned = await writing.delete(tx, STAFF, GATED_FILES, file_id)
        clock.move(days=20)
        await house.jobs.run_until_idle()
        async with house.db.write() as tx:
            await trash.restore(tx, STAFF, GATED_FILES, binned.id)
        assert (await vault.client.get(await vault.link())).content == DATA
        async with house.db.write() as tx:
            await writing.delete(tx, STAFF, GATED_FILES, file_id)
        clock.move(days=32)
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        assert not (house.blobs._folder / f"private/files/{file_id}").exists()

    async def test_a_page_shows_the_way_to_it_and_never_a_link_that_opens_it(self, house, vault):
        await vault.file("everybody")
        site = Site(house, await people.account(house, Role.EDITOR))
        await site.page("Press", block("gated-file", file="catalogue", label="Our <catalogue>"), published=True)
        text = await vault.see("/press")
        assert 'href="/files/catalogue"' in text
        assert "download?" not in text
        assert "Our &lt;catalogue&gt;" in text
