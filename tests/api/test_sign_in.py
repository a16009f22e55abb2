"""Signing in by the API: the same for every address, locked after five, tokens that work once."""

import asyncio
from typing import Any

import jwt
import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select

from engine.accounts.models import RefreshToken
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.facts import FactRow
from tests.clock import TestClock
from tests.factories import people
from tests.factories.people import PASSWORD

LOGIN = "/api/v1/auth/login"


@pytest.fixture
async def ada(house: Ports, owner: Actor) -> Actor:
    """A customer of a claimed installation."""
    assert owner.is_signed_in
    return await people.account(house, email="ada@example.org", name="Ada")


async def post(client: AsyncClient, path: str, **sent: Any) -> Response:
    return await client.post(f"/api/v1/auth/{path}", json=sent)


async def fail(client: AsyncClient, email: str, times: int) -> list[int]:
    return [(await post(client, "login", email=email, password="not this one")).status_code for _ in range(times)]


async def audited(house: Ports, action: str) -> list[AuditEntry]:
    async with house.db.read() as session:
        found = await session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id))
        return list(found)


class TestLogin:
    async def test_it_answers_who_signed_in_and_the_guides_claims(self, client: AsyncClient, ada: Actor) -> None:
        found = await people.sign_in(client, " ADA@example.org ")
        assert found["user"]["email"] == "ada@example.org"
        assert found["user"]["role"] == "customer"
        assert {"isEventStaff", "isExhibitor", "isKiosk", "isCourseAdmin", "isInstructor"} <= found["user"].keys()
        assert not any("assword" in name for name in found["user"])
        assert found["expiresIn"] == 900
        claims = jwt.decode(found["accessToken"], options={"verify_signature": False})
        assert claims.keys() == {"sub", "email", "role", "iat", "exp"}
        assert (claims["sub"], claims["exp"] - claims["iat"]) == (str(ada.user_id), 900)

    async def test_it_is_told_as_a_fact_and_audited(self, client: AsyncClient, house: Ports, ada: Actor) -> None:
        await people.sign_in(client, ada.email)
        async with house.db.read() as session:
            facts = list(await session.scalars(select(FactRow.name).where(FactRow.about == ada.user_id)))
        assert sorted(facts) == ["user.logged_in", "user.registered"]
        assert [entry.ip_address for entry in await audited(house, "user.sign_in")] == ["127.0.0.1"]

    async def test_unknown_wrong_and_inactive_are_answered_alike(
        self, client: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        await people.account(house, email="gone@example.org", is_active=False)
        answers = [
            await post(client, "login", email=email, password=password)
            for email, password in (
                ("ada@example.org", "not this one"),
                ("nobody@example.org", PASSWORD),
                ("gone@example.org", PASSWORD),
                ("no address at all", PASSWORD),
            )
        ]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.json()["detail"] for answer in answers}) == 1

    @pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
    async def test_five_failures_lock_any_address_for_thirty_minutes(
        self, client: AsyncClient, house: Ports, ada: Actor, clock: TestClock, email: str
    ) -> None:
        assert await fail(client, email, 5) == [401] * 5
        locked = await post(client, "login", email=email, password=PASSWORD)
        assert locked.status_code == 403
        assert "30 minutes" in locked.json()["detail"]
        assert locked.headers["retry-after"] == "1800"
        clock.move(minutes=29)
        assert (await post(client, "login", email=email, password=PASSWORD)).headers["retry-after"] == "60"
        assert len(await audited(house, "user.lock")) == 1
        clock.move(minutes=1)
        again = await post(client, "login", email=email, password=PASSWORD)
        assert again.status_code == (200 if email == ada.email else 401)
        assert await fail(client, email, 1) == [401]

    async def test_a_success_resets_the_count(self, client: AsyncClient, ada: Actor) -> None:
        await fail(client, ada.email, 4)
        await people.sign_in(client, ada.email)
        assert await fail(client, ada.email, 4) == [401] * 4
        await people.sign_in(client, ada.email)

    @pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
    async def test_of_many_guesses_at_once_five_are_heard(self, client: AsyncClient, ada: Actor, email: str) -> None:
        answers = await asyncio.gather(*(post(client, "login", email=email, password=f"guess {n}") for n in range(12)))
        assert sorted(answer.status_code for answer in answers) == [401] * 5 + [403] * 7

    async def test_a_failure_names_the_address_in_the_audit_log(
        self, client: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        await fail(client, ada.email, 1)
        await fail(client, PASSWORD, 1)
        entries = await audited(house, "user.sign_in")
        assert [(e.resource_id, e.result, e.details["email"]) for e in entries] == [
            (ada.user_id, "failure", "ada@example.org"),
            (None, "failure", ""),
        ]

    @pytest.mark.parametrize(
        "sent", [{}, {"email": "a@b.co"}, {"email": 1, "password": []}, {"email": "x", "password": "\x00" * 9}]
    )
    async def test_what_is_no_request_is_422(self, client: AsyncClient, ada: Actor, sent: dict[str, Any]) -> None:
        assert (await client.post(LOGIN, json=sent)).status_code == 422

    async def test_half_a_character_is_answered(self, client: AsyncClient, ada: Actor) -> None:
        body = b'{"email": "\\ud800@example.org", "password": "\\ud800 half a character"}'
        answer = await client.post(LOGIN, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in {401, 422}


class TestAccessToken:
    async def test_a_role_counts_as_it_is_now(
        self, client: AsyncClient, house: Ports, ada: Actor, owner: Actor
    ) -> None:
        headers = await people.bearer(house, ada)
        assert (await client.get("/api/v1/users", headers=headers)).status_code == 403
        owners = await people.bearer(house, owner)
        await client.patch(f"/api/v1/users/{ada.user_id}", json={"role": "admin"}, headers=owners)
        assert (await client.get("/api/v1/users", headers=headers)).status_code == 200
        await client.patch(f"/api/v1/users/{ada.user_id}", json={"isActive": False}, headers=owners)
        assert (await client.get("/api/v1/users", headers=headers)).status_code == 401

    async def test_its_time_ends(self, client: AsyncClient, house: Ports, ada: Actor, clock: TestClock) -> None:
        headers = await people.bearer(house, ada)
        clock.move(minutes=14, seconds=59)
        assert (await client.get("/api/v1/auth/me", headers=headers)).status_code == 200
        clock.move(seconds=1)
        assert (await client.get("/api/v1/auth/me", headers=headers)).status_code == 401

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "Basic", ""])
    async def test_a_forged_one_is_refused(self, client: AsyncClient, ada: Actor, scheme: str) -> None:
        claims = {"sub": str(ada.user_id), "iat": 1, "exp": 9_999_999_999}
        for forged in (jwt.encode(claims, None, "none"), jwt.encode(claims, "x" * 32, "HS256"), "a.b.c", ""):
            answer = await client.get("/api/v1/auth/me", headers={"authorization": f"{scheme} {forged}"})
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"


class TestRefresh:
    async def test_each_token_works_once(self, client: AsyncClient, ada: Actor) -> None:
        first = await people.sign_in(client, ada.email)
        second = (await post(client, "refresh", refreshToken=first["refreshToken"])).json()
        assert second["refreshToken"] != first["refreshToken"]
        assert second["user"]["id"] == str(ada.user_id)
        assert (await post(client, "refresh", refreshToken=second["refreshToken"])).status_code == 200

    async def test_a_used_one_ends_its_family_and_no_other(self, client: AsyncClient, house: Ports, ada: Actor) -> None:
        first, other = await people.sign_in(client, ada.email), await people.sign_in(client, ada.email)
        second = (await post(client, "refresh", refreshToken=first["refreshToken"])).json()
        assert (await post(client, "refresh", refreshToken=first["refreshToken"])).status_code == 401
        assert (await post(client, "refresh", refreshToken=second["refreshToken"])).status_code == 401
        assert (await post(client, "refresh", refreshToken=other["refreshToken"])).status_code == 200
        assert len(await audited(house, "user.token_reuse")) == 1

    async def test_of_two_at_once_exactly_one_wins(self, client: AsyncClient, ada: Actor) -> None:
        first = await people.sign_in(client, ada.email)
        answers = await asyncio.gather(*(post(client, "refresh", refreshToken=first["refreshToken"]) for _ in range(2)))
        assert sorted(answer.status_code for answer in answers) == [200, 401]
        winner = next(answer.json() for answer in answers if answer.status_code == 200)
        assert (await post(client, "refresh", refreshToken=winner["refreshToken"])).status_code == 401

    async def test_it_ends_after_seven_days_and_with_the_account(
        self, client: AsyncClient, house: Ports, ada: Actor, owner: Actor, clock: TestClock
    ) -> None:
        old = await people.sign_in(client, ada.email)
        clock.move(days=7)
        assert (await post(client, "refresh", refreshToken=old["refreshToken"])).status_code == 401
        fresh = await people.sign_in(client, ada.email)
        headers = await people.bearer(house, owner)
        await client.patch(f"/api/v1/users/{ada.user_id}", json={"isActive": False}, headers=headers)
        assert (await post(client, "refresh", refreshToken=fresh["refreshToken"])).status_code == 401

    async def test_only_hashes_are_kept(self, client: AsyncClient, house: Ports, ada: Actor) -> None:
        token = (await people.sign_in(client, ada.email))["refreshToken"]
        async with house.db.read() as session:
            kept = list(await session.scalars(select(RefreshToken.token_hash)))
        assert len(kept) == 1
        assert token not in kept

    async def test_unknown_ones_and_other_bodies_are_refused(self, client: AsyncClient, ada: Actor) -> None:
        assert (await post(client, "refresh", refreshToken="nothing")).status_code == 401
        assert (await post(client, "refresh")).status_code == 422
        assert (await post(client, "refresh", refreshToken="x", more=1)).status_code == 422


class TestLogout:
    async def test_it_ends_the_family(self, client: AsyncClient, ada: Actor) -> None:
        token = (await people.sign_in(client, ada.email))["refreshToken"]
        assert (await post(client, "logout", refreshToken=token)).status_code == 204
        assert (await post(client, "refresh", refreshToken=token)).status_code == 401
        assert (await post(client, "logout", refreshToken=token)).status_code == 204
        assert (await post(client, "logout", refreshToken="nothing")).status_code == 204
        assert (await post(client, "logout")).status_code == 422


class TestSessions:
    async def test_they_are_listed_and_ended_one_by_one(self, client: AsyncClient, house: Ports, ada: Actor) -> None:
        token = (await people.sign_in(client, ada.email))["refreshToken"]
        cookies = await people.cookie(house, ada)
        headers = await people.bearer(house, await people.account(house, email="eve@example.org"))
        listed = (await client.get("/api/v1/auth/sessions", cookies=cookies)).json()
        assert [(one["kind"], one["isCurrent"]) for one in listed["items"]] == [("browser", True), ("api", False)]
        path = f"/api/v1/auth/sessions/{listed['items'][1]['id']}"
        assert (await client.delete(path, headers=headers)).status_code == 404
        assert (await client.delete(path, cookies=cookies)).status_code == 204
        assert (await post(client, "refresh", refreshToken=token)).status_code == 401
        assert (await client.get("/api/v1/auth/sessions", cookies=cookies)).json()["total"] == 1

    async def test_everywhere_ends_browsers_tokens_and_access(
        self, client: AsyncClient, house: Ports, ada: Actor
    ) -> None:
        found = await people.sign_in(client, ada.email)
        headers = {"authorization": f"Bearer {found['accessToken']}"}
        cookies = await people.cookie(house, ada)
        assert (await client.delete("/api/v1/auth/sessions", headers=headers)).status_code == 204
        assert (await client.get("/api/v1/auth/me", headers=headers)).status_code == 401
        assert (await client.get("/api/v1/auth/me", cookies=cookies)).status_code == 401
        assert (await post(client, "refresh", refreshToken=found["refreshToken"])).status_code == 401
        again = await people.sign_in(client, ada.email)
        headers = {"authorization": f"Bearer {again['accessToken']}"}
        assert (await client.get("/api/v1/auth/me", headers=headers)).status_code == 200

    async def test_a_browser_in_use_stays_signed_in_and_one_left_alone_does_not(
        self, client: AsyncClient, house: Ports, ada: Actor, clock: TestClock
    ) -> None:
        used, left = await people.cookie(house, ada), await people.cookie(house, ada)
        for _ in range(3):
            clock.move(days=10)
            assert (await client.get("/api/v1/auth/me", cookies=used)).status_code == 200
        assert (await client.get("/api/v1/auth/me", cookies=left)).status_code == 401
        clock.move(days=14)
        assert (await client.get("/api/v1/auth/me", cookies=used)).status_code == 401
