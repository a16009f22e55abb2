"""The shop on the local network: where it is, and the switch. On SQLite only: it knows no database."""

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select

from app.web import make_app
from engine.api.serving import Serving
from engine.core.actor import Role
from engine.core.audit import AuditEntry
from engine.core.settings import Site
from engine.core.site import Reach, Surfaces, System
from tests.factories import people
from ui.admin.network.panel import made

LAN = Serving("0.0.0.0", 8000, ("192.168.1.20", "10.0.0.5"))  # noqa: S104 - what a server listens on
LOOPBACK = Serving("127.0.0.1", 8000, ("192.168.1.20",))


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def enter(house, settings):
    """`await enter(role, serving)`: a browser that somebody with this role is signed in with."""

    async def entered(role=Role.SUPER_ADMIN, serving=LAN):
        app = make_app(house, settings, runs_jobs=False)
        app.state.serving = serving
        cookies = await people.cookie(house, await people.account(house, role))
        transport = ASGITransport(app=app, client=("127.0.0.1", 50000))
        return AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies)

    return entered


def site(reach):
    return Site(system=System(surfaces=Surfaces(storefront=reach)))


async def opens(house):
    """Return who may reach the shop and an account in it now."""
    await house.settings.refresh()
    surfaces = house.site.system.surfaces
    return surfaces.storefront, surfaces.account


class TestPanel:
    def test_a_closed_shop_has_an_address_but_is_not_open(self):
        panel = made(site(Reach.THIS_MACHINE), LAN)
        assert panel.urls == ("http://192.168.1.20:8000", "http://10.0.0.5:8000")
        assert not panel.is_open
        assert panel.is_switchable

    def test_a_server_on_loopback_has_no_address_and_nothing_to_switch(self):
        panel = made(site(Reach.LOCAL_NETWORK), LOOPBACK)
        assert panel.is_for_this_machine_only
        assert not panel.is_open
        assert not panel.is_switchable

    def test_what_is_open_to_everyone_is_not_closed_here(self):
        panel = made(site(Reach.EVERYONE), LAN)
        assert panel.is_open
        assert not panel.is_switchable

    def test_the_code_is_a_drawing_without_styles_or_scripts(self):
        svg = made(site(Reach.LOCAL_NETWORK), LAN).svg
        assert svg.startswith("<svg")
        assert "style" not in svg
        assert "<script" not in svg

    def test_an_address_of_its_own_is_the_one_that_is_shown(self):
        assert Serving("10.0.0.5", 80, ("192.168.1.20",)).network_urls == ("http://10.0.0.5:80",)
        assert Serving("::", 80, ("fd00::2",)).network_urls == ("http://[fd00::2]:80",)
        assert Serving("::1", 80, ("fd00::2",)).network_urls == ()


class TestSwitch:
    async def test_opens_the_shop_and_the_accounts_in_it_and_is_audited(self, house, enter):
        async with await enter() as browser:
            answer = await browser.post("/admin/network", data={"reach": "local-network", "back": "/admin"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
            assert await opens(house) == (Reach.LOCAL_NETWORK, Reach.LOCAL_NETWORK)
            assert house.site.system.surfaces.admin is Reach.THIS_MACHINE
            page = await browser.get("/admin/network")
            assert "http://192.168.1.20:8000" in page.text
            assert "<svg" in page.text
        async with house.db.read() as session:
            entries = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "settings.update"))).all()
        assert [entry.actor for entry in entries] == ["super-admin@example.org"]
        assert set(entries[0].details["changes"]) == {"surfaces"}

    async def test_closes_it_again(self, house, enter):
        async with await enter() as browser:
            await browser.post("/admin/network", data={"reach": "local-network"})
            await browser.post("/admin/network", data={"reach": "this-machine"})
        assert await opens(house) == (Reach.THIS_MACHINE, Reach.THIS_MACHINE)

    @pytest.mark.parametrize("reach", ["everyone", "moon", ""])
    async def test_opens_to_nobody_else(self, house, enter, reach):
        async with await enter() as browser:
            answer = await browser.post("/admin/network", data={"reach": reach})
        assert answer.status_code == 422
        assert await opens(house) == (Reach.THIS_MACHINE, Reach.THIS_MACHINE)

    async def test_is_a_super_admin_s(self, house, enter):
        await people.account(house, Role.SUPER_ADMIN)
        async with await enter(Role.ADMIN) as browser:
            assert (await browser.get("/admin/network")).status_code == 403
            assert (await browser.post("/admin/network", data={"reach": "local-network"})).status_code == 403
        assert await opens(house) == (Reach.THIS_MACHINE, Reach.THIS_MACHINE)

    async def test_does_not_lead_to_another_site(self, enter):
        async with await enter() as browser:
            answer = await browser.post("/admin/network", data={"reach": "this-machine", "back": "https://evil.test"})
        assert answer.headers["location"] == "/admin/network"

    async def test_says_so_on_a_server_for_this_machine_only(self, enter):
        async with await enter(serving=LOOPBACK) as browser:
            page = await browser.get("/admin/network")
        assert "for this machine only" in page.text
        assert "<svg" not in page.text.split('id="main"')[1].replace('<svg class="icon', "")
