"""`/users`: who may see and change accounts."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from engine.accounts import users
from engine.accounts.users import UserUpdate
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.errors import Conflict
from tests.factories import people

USERS = "/api/v1/users"


@pytest.fixture
async def admin(house: Ports, owner: Actor) -> Actor:
    assert owner.is_signed_in
    return await people.account(house, Role.ADMIN)


@pytest.fixture
async def as_admin(house: Ports, admin: Actor) -> dict[str, str]:
    return await people.bearer(house, admin)


@pytest.fixture
async def as_owner(house: Ports, owner: Actor) -> dict[str, str]:
    return await people.bearer(house, owner)


class TestList:
    async def test_it_is_found_by_name_and_address_in_any_case(
        self, client: AsyncClient, house: Ports, as_admin: dict[str, str]
    ) -> None:
        await people.account(house, email="elodie@example.org", name="Élodie Dupré")
        await people.account(house, email="percent@example.org", name="100% Wool_Shop")
        for search, found in (
            ("ÉLODIE", ["elodie@example.org"]),
            ("dupré élo", ["elodie@example.org"]),
            ("0%", ["percent@example.org"]),
            ("l_s", ["percent@example.org"]),
            ("example.org", 4),
            ("nobody", []),
            ("'; DROP TABLE users; --", []),
        ):
            answer = await client.get(USERS, params={"search": search}, headers=as_admin)
            emails = [item["email"] for item in answer.json()["items"]]
            assert emails == found or len(emails) == found

    async def test_it_is_filtered_and_paged(self, client: AsyncClient, house: Ports, as_admin: dict[str, str]) -> None:
        for number in range(3):
            await people.account(house, email=f"customer{number}@example.org", is_active=number > 0)
        params: dict[str, Any] = {"role": "customer", "isActive": "true", "limit": 1, "page": 2}
        answer = (await client.get(USERS, params=params, headers=as_admin)).json()
        assert (answer["total"], answer["page"], answer["limit"]) == (2, 2, 1)
        assert [item["email"] for item in answer["items"]] == ["customer1@example.org"]
        gone = (await client.get(USERS, params={"isActive": "false"}, headers=as_admin)).json()
        assert [item["email"] for item in gone["items"]] == ["customer0@example.org"]

    @pytest.mark.parametrize("query", ["role=king", "isActive=perhaps", "page=0", "limit=101", "search=" + "x" * 201])
    async def test_a_filter_that_cannot_be_is_422(
        self, client: AsyncClient, as_admin: dict[str, str], query: str
    ) -> None:
        assert (await client.get(f"{USERS}?{query}", headers=as_admin)).status_code == 422

    async def test_a_nul_is_refused_and_breaks_nothing(self, client: AsyncClient, as_admin: dict[str, str]) -> None:
        assert (await client.get(f"{USERS}?search=%00", headers=as_admin)).status_code == 400


class TestDetail:
    async def test_it_tells_orders_failures_and_lockout(
        self, client: AsyncClient, house: Ports, as_admin: dict[str, str]
    ) -> None:
        ada = await people.account(house, email="ada@example.org")
        for _ in range(5):
            await client.post("/api/v1/auth/login", json={"email": ada.email, "password": "wrong"})
        found = (await client.get(f"{USERS}/{ada.user_id}", headers=as_admin)).json()
        assert (found["orderCount"], found["failedLogins"], found["isLocked"]) == (0, 5, True)
        unlocked = await client.post(f"{USERS}/{ada.user_id}/unlock", headers=as_admin)
        assert unlocked.status_code == 200
        found = (await client.get(f"{USERS}/{ada.user_id}", headers=as_admin)).json()
        assert (found["failedLogins"], found["isLocked"], found["lockedUntil"]) == (0, False, None)
        await people.sign_in(client, ada.email)

    async def test_nobody_there_is_404(self, client: AsyncClient, as_admin: dict[str, str]) -> None:
        path = f"{USERS}/0192f5d2-7f6e-7cc3-9a51-3a4f7a6f2d10"
        assert (await client.get(path, headers=as_admin)).status_code == 404
        assert (await client.patch(path, json={"name": "x"}, headers=as_admin)).status_code == 404
        assert (await client.post(f"{path}/unlock", headers=as_admin)).status_code == 404


class TestUpdate:
    async def test_the_five_flags_cross_the_wire(
        self, client: AsyncClient, house: Ports, as_admin: dict[str, str]
    ) -> None:
        ada = await people.account(house, email="ada@example.org")
        flags = {
            "isEventStaff": True,
            "isExhibitor": True,
            "isKiosk": True,
            "isCourseAdmin": True,
            "isInstructor": True,
        }
        answer = await client.patch(f"{USERS}/{ada.user_id}", json=flags, headers=as_admin)
        assert answer.status_code == 200
        assert flags.items() <= answer.json().items()
        me = await client.get("/api/v1/auth/me", headers=await people.bearer(house, ada))
        assert flags.items() <= me.json().items()

    async def test_a_change_of_role_is_audited_with_both(
        self, client: AsyncClient, house: Ports, as_admin: dict[str, str]
    ) -> None:
        ada = await people.account(house, email="ada@example.org")
        await client.patch(f"{USERS}/{ada.user_id}", json={"role": "editor"}, headers=as_admin)
        async with house.db.read() as session:
            entry = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "user.change_role"))).one()
        assert entry.details["changes"] == {"role": ["customer", "editor"]}

    @pytest.mark.parametrize(
        "sent",
        [
            {"email": "x@y.z"},
            {"passwordHash": "x"},
            {"role": None},
            {"name": ""},
            {"failedLogins": 0},
            {"name": "a\x00"},
        ],
    )
    async def test_what_is_not_for_changing_is_422(
        self, client: AsyncClient, house: Ports, as_admin: dict[str, str], sent: dict[str, Any]
    ) -> None:
        ada = await people.account(house, email="ada@example.org")
        assert (await client.patch(f"{USERS}/{ada.user_id}", json=sent, headers=as_admin)).status_code == 422

    @pytest.mark.parametrize("sent", [{"role": "admin"}, {"isActive": False}, {"name": "Mallory"}, {"isKiosk": True}])
    async def test_an_admin_changes_no_super_admin(
        self, client: AsyncClient, owner: Actor, as_admin: dict[str, str], sent: dict[str, Any]
    ) -> None:
        assert (await client.patch(f"{USERS}/{owner.user_id}", json=sent, headers=as_admin)).status_code == 403
        assert (await client.post(f"{USERS}/{owner.user_id}/unlock", headers=as_admin)).status_code == 403

    async def test_an_admin_makes_no_super_admin_not_even_of_themselves(
        self, client: AsyncClient, admin: Actor, as_admin: dict[str, str]
    ) -> None:
        answer = await client.patch(f"{USERS}/{admin.user_id}", json={"role": "super_admin"}, headers=as_admin)
        assert answer.status_code == 403

    @pytest.mark.parametrize("sent", [{"role": "admin"}, {"isActive": False}])
    async def test_the_last_super_admin_stays(
        self, client: AsyncClient, house: Ports, owner: Actor, as_owner: dict[str, str], sent: dict[str, Any]
    ) -> None:
        await people.account(house, Role.SUPER_ADMIN, email="retired@example.org", is_active=False)
        answer = await client.patch(f"{USERS}/{owner.user_id}", json=sent, headers=as_owner)
        assert answer.status_code == 409
        assert "Olive Owner" in answer.json()["detail"]

    async def test_of_two_who_demote_each_other_at_once_one_stays(self, house: Ports, owner: Actor) -> None:
        other = await people.account(house, Role.SUPER_ADMIN, email="other@example.org")

        async def demote(actor: Actor, whom: Actor) -> None:
            assert whom.user_id is not None
            async with house.db.write() as tx:
                await users.update(tx, actor, whom.user_id, UserUpdate(role=Role.ADMIN))

        outcomes = await asyncio.gather(demote(owner, other), demote(other, owner), return_exceptions=True)
        assert sorted(type(outcome) for outcome in outcomes if outcome) == [Conflict]
