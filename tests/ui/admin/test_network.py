"""The shop on the local network: where it is, and the switch. On SQLite only: it knows no database."""

from dataclasses import replace

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select

from adapters.network.authority import LocalAuthority
from app.web import make_app
from engine.api.serving import Serving
from engine.core.actor import Role
from engine.core.audit import AuditEntry
from engine.core.settings import Site
from engine.core.site import Reach, Surfaces, System
from engine.operations.network.ports import FirewallView, Holder, MemoryFirewall, Verdict
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


class TestEverySwitch:
    async def test_each_surface_has_its_own(self, house, enter):
        async with await enter() as browser:
            sent = {"storefront": "everyone", "kiosk": "local-network"}
            answer = await browser.post("/admin/network/surfaces", data=sent)
            assert answer.status_code == 303
            surfaces = (await opens(house), house.site.system.surfaces.kiosk, house.site.system.surfaces.admin)
            assert surfaces == ((Reach.EVERYONE, Reach.THIS_MACHINE), Reach.LOCAL_NETWORK, Reach.THIS_MACHINE)
            refused = await browser.post("/admin/network/surfaces", data={"kiosk": "moon"})
            assert refused.status_code == 422

    async def test_nobody_shuts_themselves_out(self, house, settings, owner):
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, System.key, {"surfaces": {"admin": "local-network"}})
        await house.settings.refresh()
        app = make_app(house, settings, runs_jobs=False)
        transport = ASGITransport(app=app, client=("192.168.1.30", 50000))
        cookies = await people.cookie(house, owner)
        async with AsyncClient(transport=transport, base_url="http://192.168.1.20", cookies=cookies) as browser:
            answer = await browser.post("/admin/network/surfaces", data={"admin": "this-machine"})
            assert (answer.status_code, "shut yourself out" in answer.text) == (422, True)
            assert (await browser.post("/admin/network/surfaces", data={"admin": "everyone"})).status_code == 303

    async def test_nor_by_the_api(self, house, settings, owner):
        open_to_us = {"admin": "local-network", "api": "local-network"}
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, System.key, {"surfaces": open_to_us})
        await house.settings.refresh()
        transport = ASGITransport(app=make_app(house, settings, runs_jobs=False), client=("192.168.1.30", 50000))
        headers = await people.bearer(house, owner)
        async with AsyncClient(transport=transport, base_url="http://192.168.1.20", headers=headers) as client:
            sent = {"surfaces": {"admin": "this-machine", "kiosk": "everyone"}}
            answer = await client.put("/api/v1/settings/system", json=sent)
            assert answer.status_code == 422
            assert [one["field"] for one in answer.json()["errors"]] == ["surfaces.admin"]
            assert "shut yourself out" in answer.json()["detail"]
            assert (await client.put("/api/v1/settings/system", json={"surfaces": {"kiosk": "everyone"}})).is_success

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR])
    @pytest.mark.parametrize("place", ["surfaces", "name", "https"])
    async def test_is_a_super_admin_s(self, house, enter, role, place):
        await people.account(house, Role.SUPER_ADMIN)
        async with await enter(role) as browser:
            answer = await browser.post(f"/admin/network/{place}", data={"storefront": "everyone", "https": "on"})
        assert answer.status_code in (303, 403)
        assert (await opens(house), house.site.system.network.https) == ((Reach.THIS_MACHINE,) * 2, False)


class TestName:
    async def test_is_one_label_and_the_door_answers_to_it(self, house, enter):
        async with await enter() as browser:
            for wrong in ("", "a.b", "-kiln", "kiln shop", "käse", "a" * 64):
                answer = await browser.post("/admin/network/name", data={"name": wrong, "announced": "true"})
                assert answer.status_code == 422, wrong
            assert (await browser.get("/", headers={"host": "kiln.local"})).status_code == 400
            answer = await browser.post("/admin/network/name", data={"name": " Kiln.local", "announced": "true"})
            assert answer.status_code == 303
            await house.settings.refresh()
            assert house.site.system.network.name == "kiln"
            assert (await browser.get("/", headers={"host": "kiln.local:8000"})).status_code == 200
            assert (await browser.get("/", headers={"host": "kiln.local.evil.test"})).status_code == 400

    async def test_another_one_that_it_got_is_told_and_answered_to(self, enter):
        async with await enter(serving=replace(LAN, name="agora-2.local", wanted_port=80)) as browser:
            page = await browser.get("/admin/network")
            assert "Found as agora-2.local" in page.text
            assert "agora.local already" in page.text
            assert "Port 80 is taken" in page.text
            assert (await browser.get("/", headers={"host": "agora-2.local:8000"})).status_code == 200


class TestOthers:
    async def test_who_comes_from_another_machine_turns_it_green(self, house, settings, enter):
        async with await enter() as browser:
            ask = {"hx-request": "true"}
            assert "Open an address on your phone" in (await browser.get("/admin/network/visit", headers=ask)).text
            house.network.own = frozenset({"192.168.1.20"})
            app = make_app(house, settings, runs_jobs=False)
            for address in ("192.168.1.20", "8.8.8.8"):
                transport = ASGITransport(app=app, client=(address, 50000))
                async with AsyncClient(transport=transport, base_url="http://192.168.1.20") as other:
                    await other.get("/")
            assert "Open an address on your phone" in (await browser.get("/admin/network/visit", headers=ask)).text
            transport = ASGITransport(app=app, client=("192.168.1.30", 50000))
            async with AsyncClient(transport=transport, base_url="http://192.168.1.20") as phone:
                assert (await phone.get("/")).status_code == 403  # it came, though the shop is closed to it
            assert "192.168.1.30 was here" in (await browser.get("/admin/network/visit", headers=ask)).text

    async def test_what_is_in_the_way_is_said_with_what_opens_it(self, house, enter):
        command = "sudo ufw allow 8000/tcp"
        house.network.firewall = MemoryFirewall(FirewallView("ufw", Verdict.CLOSED, command))
        async with await enter(serving=replace(LAN, addresses=())) as browser:
            page = (await browser.get("/admin/network/check")).text
        assert "This machine is on no network" in page
        assert "ufw keeps others out" in page
        assert command in page


class TestTrust:
    async def test_there_is_nothing_to_trust_before_https_is_on(self, enter):
        async with await enter() as browser:
            for path in ("/trust", "/trust/agora.crt", "/trust/agora.mobileconfig"):
                assert (await browser.get(path)).status_code == 404

    async def test_it_is_for_the_network_alone_and_open_while_the_shop_is_closed(self, house, settings, owner):
        LocalAuthority(settings.data_dir, house.clock).context(Holder("Kiln", ("agora.local",), ()))
        app = make_app(house, settings, runs_jobs=False)
        for address, status in (("192.168.1.30", 200), ("8.8.8.8", 404)):
            transport = ASGITransport(app=app, client=(address, 50000))
            async with AsyncClient(transport=transport, base_url="http://192.168.1.20") as device:
                answer = await device.get("/trust")
                assert (answer.status_code, answer.headers.get("cache-control")) == (
                    status, "no-store" if status == 200 else answer.headers.get("cache-control")
                )  # fmt: skip
                assert (await device.get("/trusty")).status_code in (403, 404)
