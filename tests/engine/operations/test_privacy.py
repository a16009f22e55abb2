"""Personal data: all of a person is exported, and none of them is left in any table once they are erased."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Text, cast, func, or_, select, update

from engine.accounts.models import User
from engine.api.ports import Ports
from engine.commerce.ordering.models import Cart, Order
from engine.content.pages.models import Page, PageVersion
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.errors import Conflict, NotAllowed
from engine.core.ids import new_id
from engine.core.persons import Person
from engine.core.privacysettings import PrivacySettings
from engine.core.sweeping import pattern_of, texts_of
from engine.core.tables import Base
from engine.messaging.models import Message
from engine.operations.privacy.register import with_account, with_address
from tests.clock import TestClock
from tests.factories import people
from tests.factories.forms import TYPED, Desk
from tests.factories.pages import Site
from tests.factories.shop import Shop
from tests.factories.voices import Speech

KEPT = {"orders.name", "orders.shipping_address"}
EMAIL, NAME = "zelda.quill@example.org", "Zelda Quillfeather"


async def left_of(house: Ports, words: tuple[str, ...] = (EMAIL, NAME)) -> dict[str, list[str]]:
    """Return where the person still stands: rows' texts by table and column, in every table there is."""
    found: dict[str, list[str]] = {}
    async with house.db.read() as session:
        for table in Base.metadata.sorted_tables:
            for column in texts_of(table):
                text = func.lower(cast(column, Text))
                fits = [text.contains(json.dumps(word)[1:-1].lower(), autoescape=True) for word in words]
                rows = list(await session.scalars(select(cast(column, Text)).where(or_(*fits))))
                if rows:
                    found[f"{table.name}.{column.name}"] = rows
    return found


@pytest.fixture
async def zelda(house: Ports, owner: Actor, shop: Shop) -> Actor:
    """Somebody who did all that one can do here."""
    assert owner.is_staff
    made = await people.account(house, Role.CUSTOMER, email=EMAIL, name=NAME)
    actor = Actor(made.user_id, EMAIL, NAME, Role.CUSTOMER, ip_address="203.0.113.9")
    await people.cookie(house, actor)
    await people.bearer(house, actor)
    order = await shop.order(actor=actor, email=EMAIL, name=NAME, note=f"Ring {NAME} or write to {EMAIL}")
    await shop.pay(order)
    mug = await shop.product()
    await shop.cart((mug, 1), actor=actor)
    speech = Speech(house)
    await speech.comment("I like it", actor=actor)
    await speech.comment("As a guest", name=NAME, email=EMAIL)
    await speech.review(mug, actor=actor)
    desk = Desk(house)
    form = await desk.form()
    await desk.send(form, {**TYPED, "email": EMAIL, "name": NAME}, actor=actor)
    await house.jobs.run_until_idle()
    return actor


async def erased(house: Ports, actor: Actor, person: Person) -> None:
    async with house.db.write() as tx:
        await house.register.erase(tx, actor, person)
    await house.jobs.run_until_idle()


class TestExport:
    async def test_it_holds_every_kind_of_thing(self, house: Ports, zelda: Actor) -> None:
        person = await house.db.query(with_account, zelda.user_id)
        packed = await house.register.export(house.db, zelda, person)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            found: dict[str, Any] = {name: json.loads(archive.read(name)) for name in archive.namelist()}
        assert found["account.json"]["account"]["email"] == EMAIL
        assert "password" not in json.dumps(found["account.json"])
        assert found["orders.json"][0]["items"][0]["quantity"] == 1
        assert len(found["comments.json"]) == 2
        assert len(found["reviews.json"]) == 1
        assert found["messages.json"]
        assert found["cart.json"]
        assert set(found) == {f"{part.key}.json" for part in house.register.parts}

    async def test_nobody_gets_anothers(self, house: Ports, zelda: Actor) -> None:
        person = await house.db.query(with_account, zelda.user_id)
        other = await people.account(house, Role.STORE_MANAGER)
        with pytest.raises(NotAllowed):
            await house.register.export(house.db, other, person)
        async with house.db.write() as tx:
            with pytest.raises(NotAllowed):
                await house.register.erase(tx, other, person)


class TestErase:
    async def test_nothing_is_left_but_what_an_invoice_must_say_until_its_time_is_over(
        self, house: Ports, zelda: Actor, clock: TestClock
    ) -> None:
        before = await left_of(house)
        assert {"users.email", "orders.email", "messages.recipient", "audit_logs.actor", "comments.email"} <= set(
            before
        )
        await erased(house, zelda, await house.db.query(with_account, zelda.user_id))
        left = await left_of(house)
        assert set(left) <= KEPT, left
        async with house.db.read() as session:
            order = await session.scalar(select(Order))
            assert order is not None
            assert (order.name, order.email, order.total_minor > 0) == (NAME, "", True)
        clock.move(days=365.25 * 10 + 1)
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        assert await left_of(house) == {}
        async with house.db.read() as session:
            assert await session.scalar(select(func.sum(Order.total_minor))) > 0

    async def test_a_guest_is_erased_by_their_address_and_others_stay(
        self, house: Ports, shop: Shop, owner: Actor
    ) -> None:
        await shop.order(email="guest@example.org", name="Gwendolyn Guestley")
        await shop.order(email="aguest@example.org", name="Another Guestman")
        person = await house.db.query(with_address, " Guest@Example.org ")
        assert person == Person("guest@example.org", "Gwendolyn Guestley")
        await erased(house, owner, person)
        left = await left_of(house, ("guest@example.org", "Gwendolyn Guestley"))
        rows = [row for name, found in left.items() if name not in KEPT for row in found]
        assert rows
        assert all("aguest@example.org" in row for row in rows)

    async def test_staff_are_not_erased_while_they_are_staff(self, house: Ports, owner: Actor) -> None:
        person = await house.db.query(with_account, owner.user_id)
        async with house.db.write() as tx:
            with pytest.raises(Conflict, match="staff"):
                await house.register.erase(tx, owner, person)

    async def test_what_somebody_wrote_while_they_worked_here_stays_without_their_name(
        self, house: Ports, owner: Actor
    ) -> None:
        assert owner.is_staff
        writer = await people.account(house, Role.EDITOR, email=EMAIL, name=NAME)
        page = await Site(house, writer).page("About the kiln", published=True)
        assert {"page_versions.author_name", "pages.updated_by_name"} <= set(await left_of(house))
        async with house.db.write() as tx:
            await tx.execute(update(User).where(User.id == writer.user_id).values(role=Role.CUSTOMER))
        person = await house.db.query(with_account, writer.user_id)
        packed = await house.register.export(house.db, owner, person)
        assert "page-versions.json" in zipfile.ZipFile(io.BytesIO(packed)).namelist()
        await erased(house, owner, person)
        assert await left_of(house) == {}
        async with house.db.read() as session:
            kept = await session.get(Page, page.id)
            authors = list(await session.scalars(select(PageVersion.author_name)))
        assert kept is not None
        assert (kept.title, kept.updated_by_name, set(authors)) == ("About the kiln", "Anonymous", {"Anonymous"})

    async def test_an_order_goes_on_without_its_buyer_being_told(self, house: Ports, zelda: Actor, shop: Shop) -> None:
        order = await shop.order(actor=zelda, email=EMAIL, name=NAME)
        await erased(house, zelda, await house.db.query(with_account, zelda.user_id))
        assert (await shop.pay(order)).email == ""


class TestWholeWords:
    @pytest.mark.parametrize(
        ("text", "is_theirs"),
        [
            ("to zelda.quill@example.org", True),
            ('{"email":"ZELDA.quill@example.org"}', True),
            ("grizelda.quill@example.org", False),
            ("zelda.quill@example.org.uk", False),
            ("by Zelda Quillfeather.", True),
            ("Zelda Quillfeathers", False),
        ],
    )
    def test_only_the_person_is_taken_out(self, text: str, is_theirs: bool) -> None:
        pattern = pattern_of(Person(EMAIL, NAME), with_name=True)
        assert pattern is not None
        assert bool(pattern.search(text)) is is_theirs


class TestRetention:
    async def test_each_kind_is_forgotten_in_its_time_and_it_is_said(
        self, house: Ports, zelda: Actor, clock: TestClock
    ) -> None:
        async with house.db.write() as tx:
            tx.add(Cart(id=new_id(), user_id=None, currency="USD", created_at=tx.now, updated_at=tx.now))
        clock.move(seconds=timedelta(days=366).total_seconds())
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        async with house.db.read() as session:
            assert await session.scalar(select(func.count()).where(Message.erased_at.is_(None))) == 0
            old = (AuditEntry.ip_address != "", AuditEntry.created_at < clock.now() - timedelta(days=90))
            assert await session.scalar(select(func.count()).where(*old)) == 0
            line = await session.scalar(select(AuditEntry).where(AuditEntry.action == "privacy.forget"))
        assert line is not None
        assert {"message_days", "audit_address_days", "job_days"} <= set(line.details["things"])

    async def test_what_goes_next_is_counted_before_it_goes_and_zero_keeps_it(
        self, house: Ports, zelda: Actor, clock: TestClock
    ) -> None:
        assert zelda.email
        clock.move(days=3_651)
        everything = PrivacySettings(**dict.fromkeys(PrivacySettings.model_fields, 1))
        due = await house.db.query(house.register.due, everything, clock.now())
        kept = {"search_days", "cart_days", "download_days"}  # nobody did, and the cart is a customer's
        assert {name for name, count in due.items() if not count} <= kept, due
        assert due["author_days"] == 3
        none = PrivacySettings(**dict.fromkeys(PrivacySettings.model_fields, 0) | {"order_years": 30})
        assert set((await house.db.query(house.register.due, none, clock.now())).values()) == {0}
        async with house.db.write() as tx:
            sent = {"authorDays": 1, "auditDays": 1}
            await house.settings.update(tx, Actor.system(), "privacy", sent)
        await house.settings.refresh()
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        assert not {"comments.email", "reviews.email"} & set(await left_of(house, (EMAIL,)))
        async with house.db.read() as session:
            assert await session.scalar(select(func.min(AuditEntry.created_at))) > clock.now() - timedelta(days=1)

    def test_every_time_in_the_settings_is_kept_by_somebody(self, house: Ports) -> None:
        kept = {one.setting for one in house.register.retentions}
        assert kept == set(PrivacySettings.model_fields)
