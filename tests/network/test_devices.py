"""Screens that are let in by a code: who makes it, who brings it, and who is shut out again."""

import asyncio
from datetime import timedelta

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select

from app.web import make_app
from engine.accounts.models import Device
from engine.api.serving import Serving
from engine.core.actor import Role
from engine.core.audit import AuditEntry
from engine.core.facts import FactRow
from engine.core.site import System
from tests.factories import people


@pytest.fixture
def app(house, settings):
    return make_app(house, settings, runs_jobs=False)


@pytest.fixture
def at(app):
    """`async with at("192.168.1.30") as browser`: a browser on another machine, or on this one."""

    def made(address="127.0.0.1", base="http://localhost", **sent):
        return AsyncClient(transport=ASGITransport(app=app, client=(address, 50000)), base_url=base, **sent)

    return made


@pytest.fixture
async def code(house, at, owner):
    """A code for the front door, and its device's id."""
    async with at(headers=await people.bearer(house, owner)) as client:
        made = await client.post("/api/v1/devices/pairings", json={"name": " Front \n door ", "place": "Hall"})
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    return made.json()


async def written(house, model, *columns):
    async with house.db.read() as session:
        return [tuple(row) for row in await session.execute(select(*columns).order_by(model.id))]


class TestPairing:
    async def test_a_code_lets_one_screen_in_that_is_known_from_then_on(self, house, at, code):
        async with at() as screen:
            assert (await screen.get("/kiosk")).headers["location"] == "/kiosk/pair"
            typed = f" {code['code'].lower().replace('-', ' ')} "
            answer = await screen.post("/kiosk/pair", data={"code": typed})
            assert (answer.status_code, answer.headers["location"]) == (303, "/kiosk")
            kept = answer.headers["set-cookie"]
            assert all(word in kept for word in ("agora_device=", "HttpOnly", "SameSite=strict", "Path=/kiosk"))
            assert "Secure" not in kept
            home = await screen.get("/kiosk")
            assert "Front door" in home.text
            assert "Hall" in home.text
            assert home.headers["cache-control"] == "no-store"
            assert (await screen.get("/kiosk/state")).headers.get("hx-redirect") is None
        async with at() as other:
            again = await other.post("/kiosk/pair", data={"code": code["code"]})
            assert (again.status_code, "set-cookie" in again.headers) == (422, False)
        actions = [action for (action,) in await written(house, AuditEntry, AuditEntry.action)]
        assert actions[-3:] == ["device.create", "device.pair", "device.pair"]
        assert [one for (one,) in await written(house, FactRow, FactRow.name) if one.startswith("device")] == [
            "device.paired"
        ]

    async def test_neither_code_nor_token_is_kept(self, house, at, code):
        async with at() as screen:
            await screen.post("/kiosk/pair", data={"code": code["code"]})
            token = screen.cookies["agora_device"]
        async with house.db.read() as session:
            device = (await session.scalars(select(Device))).one()
            told = repr(vars(device)) + repr([vars(one) for one in await session.scalars(select(AuditEntry))])
        assert token not in told
        assert code["code"].replace("-", "") not in told

    @pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "K7QM3XR", "' OR 1=1 --", "\x00" * 8, "９" * 8, "A" * 5_000])
    async def test_a_wrong_code_lets_nobody_in(self, at, code, typed):
        async with at() as screen:
            answer = await screen.post("/kiosk/pair", data={"code": typed})
            assert (answer.status_code, "set-cookie" in answer.headers) == (422, False)
            assert (await screen.post("/api/v1/devices/pair", json={"code": typed[:90]})).status_code in (409, 422)

    async def test_a_code_is_over_after_ten_minutes(self, at, clock, code):
        clock.move(minutes=10)
        async with at() as screen:
            assert (await screen.post("/kiosk/pair", data={"code": code["code"]})).status_code == 422

    async def test_of_two_that_bring_a_code_at_once_one_is_let_in(self, house, at, code):
        async with at() as one, at() as other:
            answers = await asyncio.gather(
                *(each.post("/kiosk/pair", data={"code": code["code"]}) for each in (one, other))
            )
        assert sorted(answer.status_code for answer in answers) == [303, 422]

    async def test_a_new_code_takes_the_place_of_what_was_paired(self, house, at, code, owner):
        headers = await people.bearer(house, owner)
        async with at() as old, at() as new, at(headers=headers) as staff:
            await old.post("/kiosk/pair", data={"code": code["code"]})
            again = (await staff.post(f"/api/v1/devices/{code['deviceId']}/pairings")).json()
            assert (await old.get("/kiosk")).status_code == 200  # until somebody brings the code
            await new.post("/kiosk/pair", data={"code": again["code"]})
            assert (await old.get("/kiosk")).headers["location"] == "/kiosk/pair"
            assert "Front door" in (await new.get("/kiosk")).text

    async def test_by_https_the_cookie_is_for_https_only(self, app, at, code):
        app.state.serving = Serving(secure_port=8443)
        async with at(base="https://localhost:8443") as screen:
            kept = (await screen.post("/kiosk/pair", data={"code": code["code"]})).headers["set-cookie"]
            assert kept.startswith("__Secure-agora_device=")
            assert "Secure" in kept.split("; ")
            assert "Front door" in (await screen.get("/kiosk")).text

    async def test_guessing_is_slowed_down(self, house, settings, code):
        app = make_app(house, settings.model_copy(update={"rate_limits": True}), runs_jobs=False)
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://localhost") as guesser:
            seen = [(await guesser.post("/kiosk/pair", data={"code": "AAAA-AAAA"})).status_code for _ in range(11)]
        assert seen == [422] * 10 + [429]


class TestShuttingOut:
    async def test_the_next_request_is_a_stranger_s(self, house, at, code, owner):
        async with at() as screen, at(headers=await people.bearer(house, owner)) as staff:
            await screen.post("/kiosk/pair", data={"code": code["code"]})
            listed = (await staff.get("/api/v1/devices")).json()["items"][0]
            assert (listed["name"], listed["state"]) == ("Front door", "paired")
            assert not {"tokenHash", "codeHash"} & listed.keys()
            assert (await staff.post(f"/api/v1/devices/{code['deviceId']}/revoke")).status_code == 200
            assert (await screen.get("/kiosk/state")).headers["hx-redirect"] == "/kiosk/pair"
            answer = await screen.get("/kiosk")
            assert (answer.headers["location"], "agora_device=" in answer.headers["set-cookie"]) == (
                "/kiosk/pair",
                True,
            )
            assert (await staff.get("/api/v1/devices")).json()["items"][0]["state"] == "revoked"
            assert (await staff.post(f"/api/v1/devices/{code['deviceId']}/revoke")).status_code == 409

    async def test_a_code_that_waits_is_over_too(self, house, at, code, owner):
        async with at() as screen, at(headers=await people.bearer(house, owner)) as staff:
            await staff.post(f"/api/v1/devices/{code['deviceId']}/revoke")
            assert (await screen.post("/kiosk/pair", data={"code": code["code"]})).status_code == 422

    async def test_a_screen_takes_itself_out(self, at, code):
        async with at() as screen:
            await screen.post("/kiosk/pair", data={"code": code["code"]})
            token = screen.cookies["agora_device"]
            await screen.post("/kiosk/leave")
            answer = await screen.get("/kiosk", cookies={"agora_device": token})
        assert answer.headers["location"] == "/kiosk/pair"

    async def test_that_it_is_in_use_is_written_down_now_and_then(self, house, at, code, clock):
        async with at() as screen:
            await screen.post("/kiosk/pair", data={"code": code["code"]})
            paired = clock.now()
            clock.move(minutes=4)
            await screen.get("/kiosk/state")
            assert await written(house, Device, Device.seen_at) == [(paired,)]
            clock.move(minutes=2)
            await screen.get("/kiosk/state")
            assert await written(house, Device, Device.seen_at) == [(paired + timedelta(minutes=6),)]


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.STORE_MANAGER, Role.CUSTOMER])
    async def test_below_an_admin_nobody_lets_screens_in(self, house, at, owner, role):
        actor = await people.account(house, role)
        async with at(headers=await people.bearer(house, actor)) as client:
            assert (await client.get("/api/v1/devices")).status_code == 403
            assert (await client.post("/api/v1/devices/pairings", json={"name": "Door"})).status_code == 403
        async with at(cookies=await people.cookie(house, actor)) as browser:
            assert (await browser.get("/admin/devices/pair")).status_code in (303, 403)
            assert (await browser.post("/admin/devices/pair", data={"name": "Door"})).status_code in (303, 403)
        assert await written(house, Device, Device.id) == []

    async def test_a_closed_surface_is_closed_whoever_has_a_token(self, house, at, code, owner):
        async with at() as screen:
            await screen.post("/kiosk/pair", data={"code": code["code"]})
            token = dict(screen.cookies)
        async with at("192.168.1.30", cookies=token) as away:
            assert (await away.get("/kiosk")).status_code == 403
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, System.key, {"surfaces": {"kiosk": "local-network"}})
        await house.settings.refresh()
        async with at("192.168.1.30", cookies=token) as near:
            assert (await near.get("/kiosk")).status_code == 200
        async with at("8.8.8.8", cookies=token) as world:
            assert (await world.get("/kiosk")).status_code == 403
            assert (await world.post("/kiosk/pair", data={"code": code["code"]})).status_code == 403


class TestAdmin:
    async def test_a_code_is_shown_once_with_a_picture_to_scan(self, house, at, owner):
        async with at(cookies=await people.cookie(house, owner)) as browser:
            assert "open to this machine only" in (await browser.get("/admin/devices/pair")).text
            empty = await browser.post("/admin/devices/pair", data={"name": "  "})
            assert (empty.status_code, await written(house, Device, Device.id)) == (422, [])
            shown = await browser.post("/admin/devices/pair", data={"name": "Counter 2"})
            code = shown.text.split('class="pairing-code" dir="ltr">')[1].split("<")[0]
            assert "<svg" in shown.text
            assert shown.headers["cache-control"] == "no-store"
            device_id = str((await written(house, Device, Device.id))[0][0])
            state = f"/admin/devices/{device_id}/pairing"
            assert "Waiting" in (await browser.get(state, headers={"hx-request": "true"})).text
            async with at() as screen:
                await screen.post("/kiosk/pair", data={"code": code})
            arrived = (await browser.get(state, headers={"hx-request": "true"})).text
            assert "is paired" in arrived
            assert "hx-trigger" not in arrived
            assert code not in (await browser.get(f"/admin/devices/{device_id}")).text
            again = await browser.post("/admin/devices/code", data={"device": device_id})
            assert (again.status_code, code in again.text) == (200, False)
            assert "Let in" in (await browser.get("/admin/devices")).text
            assert (await browser.post("/admin/devices/code", data={"device": "nonsense"})).status_code == 404

    async def test_a_code_that_ran_out_is_said_and_leads_to_a_new_one(self, house, at, owner, code, clock):
        async with at(cookies=await people.cookie(house, owner)) as browser:
            assert "Waiting for its code" in (await browser.get("/admin/devices")).text
            await house.jobs.run_until_idle()
            assert "Waiting for its code" in (await browser.get("/admin/devices")).text
            clock.move(minutes=10)
            await house.jobs.run_until_idle()
            listed = (await browser.get("/admin/devices")).text
            assert "Its code ran out" in listed
            assert "Waiting for its code" not in listed
            record = (await browser.get(f"/admin/devices/{code['deviceId']}")).text
            assert "actions/revoke" not in record
            asks = f"/admin/devices/pair?device={code['deviceId']}"
            assert f'href="{asks}"' in record
            assert f'<option value="{code["deviceId"]}" selected>' in (await browser.get(asks)).text
            await browser.post("/admin/devices/code", data={"device": code["deviceId"]})
            assert "Waiting for its code" in (await browser.get("/admin/devices")).text
