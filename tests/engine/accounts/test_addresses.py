"""Saved addresses: one's own, of one's own, and never two defaults."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.accounts import addresses
from engine.accounts.addresses import KnownAddress
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.errors import Conflict, Invalid, NotFound, NotSignedIn
from tests.factories import people

LONDON = {"line1": "12 St James's Square", "city": "London", "postal_code": "sw1y 4jh", "country": "gb"}
CHICAGO = {"line1": "1 Main Street", "city": "Chicago", "region": "Illinois", "postal_code": "60601", "country": "US"}


@pytest.fixture
async def ada(house: Ports) -> Actor:
    return await people.account(house, email="ada@example.org", name="Ada Lovelace")


async def add(house: Ports, who: Actor, **parts: Any) -> KnownAddress:
    is_default = parts.pop("is_default", False)
    async with house.db.write() as tx:
        return await addresses.add(tx, who, parts, is_default=is_default)


async def of(house: Ports, who: Actor) -> list[KnownAddress]:
    assert who.user_id is not None
    return await house.db.query(addresses.of_user, who.user_id)


class TestAdd:
    async def test_it_is_written_as_its_country_writes_it_for_the_person_themselves(
        self, house: Ports, ada: Actor
    ) -> None:
        kept = await add(house, ada, **LONDON)
        assert (kept.address.name, kept.address.postal_code, kept.address.country) == ("Ada Lovelace", "SW1Y 4JH", "GB")
        assert (await add(house, ada, **CHICAGO)).address.region == "IL"

    async def test_the_first_is_the_default_until_another_is_asked_to_be(self, house: Ports, ada: Actor) -> None:
        assert (await add(house, ada, **LONDON)).is_default
        assert not (await add(house, ada, **CHICAGO)).is_default
        third = await add(house, ada, **{**LONDON, "line1": "2 Other Street"}, is_default=True)
        assert [one.id for one in await of(house, ada) if one.is_default] == [third.id]

    async def test_one_that_is_kept_already_is_not_kept_twice(self, house: Ports, ada: Actor) -> None:
        first = await add(house, ada, **LONDON)
        assert (await add(house, ada, **LONDON, phone="")).id == first.id
        assert len(await of(house, ada)) == 1

    async def test_two_at_once_leave_one_default(self, house: Ports, ada: Actor) -> None:
        await asyncio.gather(*(add(house, ada, **{**LONDON, "line1": f"{n} High Street"}) for n in range(4)))
        assert [one.is_default for one in await of(house, ada)] == [True, False, False, False]

    async def test_what_is_missing_is_named_and_nothing_is_kept(self, house: Ports, ada: Actor) -> None:
        with pytest.raises(Invalid) as refused:
            await add(house, ada, country="GB", line1="12 St James's Square", postal_code="nonsense")
        assert set(refused.value.fields) == {"city", "postalCode"}
        assert await of(house, ada) == []

    async def test_there_is_an_end_to_it(self, house: Ports, ada: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(addresses, "MOST", 2)
        for number in range(2):
            await add(house, ada, **{**LONDON, "line1": f"{number} High Street"})
        with pytest.raises(Conflict, match="2 addresses"):
            await add(house, ada, **CHICAGO)

    async def test_a_stranger_has_none(self, house: Ports) -> None:
        with pytest.raises(NotSignedIn):
            await add(house, Actor.stranger(), **LONDON)

    async def test_the_log_says_that_and_not_where(self, house: Ports, ada: Actor) -> None:
        kept = await add(house, ada, **LONDON)
        async with house.db.write() as tx:
            await addresses.change(tx, ada, kept.id, {"line1": "1 Secret Lane"})
        async with house.db.read() as session:
            lines = list(await session.scalars(select(AuditEntry).where(AuditEntry.resource_type == "address")))
        assert {line.action for line in lines} == {"address.create", "address.update"}
        assert "Secret" not in str([line.details for line in lines])


class TestChange:
    async def test_only_what_is_given_changes(self, house: Ports, ada: Actor) -> None:
        kept = await add(house, ada, **LONDON)
        async with house.db.write() as tx:
            changed = await addresses.change(tx, ada, kept.id, {"line1": "1 High Street"})
        assert (changed.address.line1, changed.address.city) == ("1 High Street", "London")

    async def test_somebody_elses_is_not_found(self, house: Ports, ada: Actor) -> None:
        kept = await add(house, ada, **LONDON)
        grace = await people.account(house, email="grace@example.org")
        for act in (
            lambda tx: addresses.change(tx, grace, kept.id, {"line1": "1 High Street"}),
            lambda tx: addresses.remove(tx, grace, kept.id),
            lambda tx: addresses.remove(tx, ada, UUID(int=7)),
        ):
            with pytest.raises(NotFound):
                async with house.db.write() as tx:
                    await act(tx)
        assert [one.address.line1 for one in await of(house, ada)] == [LONDON["line1"]]


class TestRemove:
    async def test_the_default_passes_to_the_latest_of_the_others(self, house: Ports, ada: Actor) -> None:
        first = await add(house, ada, **LONDON)
        await add(house, ada, **CHICAGO)
        last = await add(house, ada, **{**LONDON, "line1": "3 High Street"})
        async with house.db.write() as tx:
            await addresses.remove(tx, ada, first.id)
        assert next((one.id, one.is_default) for one in await of(house, ada)) == (last.id, True)
        assert len(await of(house, ada)) == 2
