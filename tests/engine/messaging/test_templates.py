"""E-mail templates: reworded, switched, tried out; whatever is wrong with them, letters go out."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, NotAllowed
from engine.core.ids import new_id
from engine.core.records import history, writing
from engine.messaging import outbox, public
from engine.messaging.models import Message, MessageStatus, StoredTemplate
from engine.messaging.templates import PATH

EDITOR = Actor.person(new_id(), Role.EDITOR, "eda@shop.example", "Eda")
ADMIN = Actor.person(new_id(), Role.ADMIN, "mara@shop.example", "Mara")
VIEWER = Actor.person(new_id(), Role.VIEWER, "vic@shop.example", "Vic")


async def built_in(house: Ports, purpose: str) -> StoredTemplate:
    async with house.db.read() as session:
        found = await session.scalars(
            select(StoredTemplate).where(StoredTemplate.purpose == purpose, StoredTemplate.is_own.is_(False))
        )
        return found.one()


async def row(house: Ports, template_id: UUID) -> StoredTemplate:
    async with house.db.read() as session:
        return await session.get_one(StoredTemplate, template_id)


async def reword(house: Ports, template_id: UUID, **words: str) -> None:
    async with house.db.write() as tx:
        await house.letters.update(tx, EDITOR, template_id, words)


async def sent(house: Ports, purpose: str = "order_shipped") -> Message:
    """Return a letter of this purpose once its job is done."""
    values = house.letters.offered[purpose].example
    async with house.db.write() as tx:
        message_id = await public.send(tx, template=purpose, to="ada@example.org", values=values, locale="en")
    await house.jobs.run_until_idle()
    async with house.db.read() as session:
        return await session.get_one(Message, message_id)


class TestRewording:
    async def test_every_message_of_the_house_has_its_template(self, house: Ports) -> None:
        async with house.db.read() as session:
            rows = list(await session.scalars(select(StoredTemplate)))
        assert {one.purpose: (one.name, one.category, one.is_active) for one in rows} == {
            key: (str(offered.title), offered.kind, True) for key, offered in house.letters.offered.items()
        }

    async def test_letters_say_what_was_written(self, house: Ports) -> None:
        template = await built_in(house, "order_shipped")
        await reword(house, template.id, subject="Off it goes, {{ name }}", body="# On its way\n\n{{ items }}")
        message = await sent(house)
        assert message.subject == "Off it goes, Ada Lovelace"
        assert "On its way" in message.text
        assert "We have sent order" not in message.text

    async def test_what_cannot_be_sent_is_refused_with_field_and_line_and_nothing_changes(self, house: Ports) -> None:
        template = await built_in(house, "order_shipped")
        with pytest.raises(Invalid) as refused:
            await reword(house, template.id, subject="{{ nope }}", body="Hello\n{{ numb }}")
        assert set(refused.value.fields) == {"subject", "body"}
        assert "Line 2" in str(refused.value.fields["body"])
        assert (await row(house, template.id)).subject == ""

    async def test_the_words_that_come_with_it_are_kept_as_none(self, house: Ports) -> None:
        template = await built_in(house, "order_shipped")
        own = house.letters.renderer.wording("order_shipped", "en")
        await reword(house, template.id, subject="Mine", body=own.body.replace("\n", "\r\n"))
        assert ((await row(house, template.id)).subject, (await row(house, template.id)).body) == ("Mine", "")

    async def test_a_letter_that_loses_its_link_is_refused(self, house: Ports) -> None:
        template = await built_in(house, "password_reset")
        with pytest.raises(Invalid, match="url"):
            await reword(house, template.id, body="Choose a new password.")
        await reword(house, template.id, body="[Go]({{ url }})")

    async def test_reset_brings_back_what_came_and_the_history_brings_back_yours(self, house: Ports) -> None:
        template = await built_in(house, "order_shipped")
        await reword(house, template.id, subject="Mine")
        async with house.db.write() as tx:
            await house.letters.reset(tx, EDITOR, template.id)
        assert (await sent(house)).subject == "Your order 1042 is on its way"
        resource = house.resources[PATH]
        lines = await house.db.query(history.of, EDITOR, resource, template.id)
        assert lines[0].action == "email_template.reset"
        async with house.db.write() as tx:
            await history.put_back(tx, EDITOR, resource, template.id, lines[0].id)
        assert (await row(house, template.id)).subject == "Mine"

    @pytest.mark.parametrize("act", ["update", "reset", "duplicate", "activate", "deactivate", "delete", "send_test"])
    async def test_below_editor_nobody_touches_them(self, house: Ports, act: str) -> None:
        template = await built_in(house, "order_shipped")
        more = ({"subject": "x"},) if act == "update" else ()
        with pytest.raises(NotAllowed):
            async with house.db.write() as tx:
                await getattr(house.letters, act)(tx, VIEWER, template.id, *more)


class TestSwitching:
    async def copy(self, house: Ports, purpose: str = "order_shipped") -> UUID:
        template = await built_in(house, purpose)
        async with house.db.write() as tx:
            return (await house.letters.duplicate(tx, EDITOR, template.id)).id

    async def test_a_copy_is_used_once_it_is_active_and_it_alone(self, house: Ports) -> None:
        copy_id = await self.copy(house)
        await reword(house, copy_id, subject="From the copy")
        assert (await sent(house)).subject == "Your order 1042 is on its way"
        async with house.db.write() as tx:
            await house.letters.activate(tx, EDITOR, copy_id)
        assert (await sent(house)).subject == "From the copy"
        assert not (await built_in(house, "order_shipped")).is_active
        async with house.db.write() as tx:
            await house.letters.deactivate(tx, EDITOR, copy_id)
        assert (await sent(house)).subject == "Your order 1042 is on its way"

    async def test_deleting_the_active_one_hands_over_to_the_built_in(self, house: Ports) -> None:
        copy_id = await self.copy(house)
        async with house.db.write() as tx:
            await house.letters.activate(tx, EDITOR, copy_id)
        async with house.db.write() as tx:
            await writing.delete(tx, EDITOR, house.resources[PATH], copy_id)
        assert (await built_in(house, "order_shipped")).is_active

    async def test_what_is_switched_off_is_kept_says_so_and_leaves_later(self, house: Ports) -> None:
        template = await built_in(house, "order_shipped")
        async with house.db.write() as tx:
            await house.letters.deactivate(tx, EDITOR, template.id)
        message = await sent(house)
        assert message.status == MessageStatus.KEPT
        assert "switched off" in message.error
        async with house.db.write() as tx:
            await house.letters.activate(tx, EDITOR, template.id)
            await outbox.send_again(tx, ADMIN, message.id)
        await house.jobs.run_until_idle()
        async with house.db.read() as session:
            again = await session.get_one(Message, message.id)
        assert (again.status, again.error) == (MessageStatus.KEPT, "")

    @pytest.mark.parametrize("purpose", ["password_reset", "verify_email", "welcome"])
    async def test_what_people_need_cannot_be_switched_off(self, house: Ports, purpose: str) -> None:
        template = await built_in(house, purpose)
        with pytest.raises(Conflict, match="people need the link"):
            async with house.db.write() as tx:
                await house.letters.deactivate(tx, EDITOR, template.id)

    async def test_what_comes_with_agora_is_not_deleted(self, house: Ports) -> None:
        template = await built_in(house, "order_shipped")
        with pytest.raises(Conflict, match="comes with Agora"):
            async with house.db.write() as tx:
                await writing.delete(tx, EDITOR, house.resources[PATH], template.id)


class TestFault:
    async def test_words_that_broke_meanwhile_never_stop_a_letter_and_staff_are_told(self, house: Ports) -> None:
        template = await built_in(house, "order_shipped")
        async with house.db.write() as tx:
            broken = (
                update(StoredTemplate).where(StoredTemplate.id == template.id).values(body="{{ number.__class__ }}")
            )
            await tx.execute(broken)
        message = await sent(house)
        assert message.status == MessageStatus.KEPT
        assert "We have sent order 1042" in message.text
        assert "were of no use" in message.error
        assert "Line 1" in (await row(house, template.id)).trouble
        await reword(house, template.id, body="Fine again")
        assert (await row(house, template.id)).trouble == ""
        assert (await sent(house)).error == ""


class TestTrying:
    async def tried(self, house: Ports, actor: Actor, to: str = "") -> Message:
        template = await built_in(house, "password_reset")
        async with house.db.write() as tx:
            copy_id = (await house.letters.duplicate(tx, EDITOR, template.id)).id
            await house.letters.update(tx, EDITOR, copy_id, {"subject": "Tried"})
            message_id = await house.letters.send_test(tx, actor, copy_id, to)
        await house.jobs.run_until_idle()
        async with house.db.read() as session:
            return await session.get_one(Message, message_id)

    async def test_a_test_shows_this_template_though_another_is_active_and_goes_to_oneself(self, house: Ports) -> None:
        message = await self.tried(house, EDITOR)
        assert (message.subject, message.recipient, message.status) == ("Tried", "eda@shop.example", MessageStatus.KEPT)

    async def test_others_get_tests_from_administrators_only(self, house: Ports) -> None:
        with pytest.raises(NotAllowed, match=r"eda@shop\.example"):
            await self.tried(house, EDITOR, "victim@example.org")
        assert (await self.tried(house, ADMIN, "printer@example.org")).recipient == "printer@example.org"
