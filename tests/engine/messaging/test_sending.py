"""Sending messages: once, in turn, redirected, held, given up on and forgotten, on both databases."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from adapters.email.outbox import open_outbox
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from engine.core.ids import new_id
from engine.core.jobs import Job, JobStatus
from engine.core.running import JobRunner
from engine.core.site import EmailSettings
from engine.messaging import outbox, public, queries
from engine.messaging.jobs import ERASE
from engine.messaging.models import Message, MessageStatus
from engine.messaging.ports import Delivery, Email, MailRefused
from engine.messaging.sending import ATTEMPTS, Sending
from tests.clock import TestClock
from ui.emails.renderer import EmailRenderer

ADMIN = Actor.person(new_id(), Role.ADMIN, "admin@shop.example", "Mara")
OWNER = Actor.person(new_id(), Role.SUPER_ADMIN, "owner@shop.example", "Olu")
MANAGER = Actor.person(new_id(), Role.STORE_MANAGER)
SMTP = {"provider": "smtp", "fromEmail": "hello@shop.example", "credentials": {"host": "mail.example.org"}}


@dataclass
class MemoryMailer:
    """Notes what it is given; raises what it is told to, once each."""

    sent: list[Email] = field(default_factory=list)
    outcomes: list[Exception] = field(default_factory=list)

    async def deliver(self, email: Email) -> Delivery:
        await asyncio.sleep(0)
        if self.outcomes:
            raise self.outcomes.pop(0)
        self.sent.append(email)
        return Delivery.SENT


@dataclass
class Post:
    """The post office of one test: a house whose SMTP is in memory."""

    house: Ports
    mailer: MemoryMailer
    jobs: JobRunner

    async def configure(self, **values: Any) -> None:
        async with self.house.db.write() as tx:
            await self.house.settings.save(tx, Actor.system(), EmailSettings, {**SMTP, **values})

    async def send(self, to: str = "ada@example.org", *, template: str = "test", holds_secret: bool = False) -> UUID:
        values = {"name": "Ada", "url": "/account/reset?token=s3cret", "minutes": 60}
        async with self.house.db.write() as tx:
            return await public.send(
                tx, template=template, to=to, values=values, locale="en", holds_secret=holds_secret
            )

    async def row(self, message_id: UUID) -> Message:
        async with self.house.db.read() as session:
            return await session.get_one(Message, message_id)


@pytest.fixture
async def post(house: Ports) -> Post:
    mailer = MemoryMailer()
    renderer = EmailRenderer(lambda _site: "https://shop.example")
    sending = Sending(
        replace(house.letters, renderer=renderer), {"outbox": open_outbox, "smtp": lambda _settings: mailer}
    )
    return Post(house, mailer, JobRunner(house.db, [sending.job(), ERASE], [], owner="tests"))


class TestSend:
    async def test_until_a_provider_is_set_the_outbox_keeps_it_to_be_read(self, post: Post) -> None:
        message_id = await post.send()
        await post.jobs.run_until_idle()
        row = await post.row(message_id)
        assert (row.status, row.subject, post.mailer.sent) == (MessageStatus.KEPT, "A test from Agora", [])
        assert "E-mail works" in row.html
        assert "E-mail works" in row.text

    async def test_what_is_undone_sends_nothing(self, post: Post) -> None:
        with pytest.raises(Conflict):
            async with post.house.db.write() as tx:
                await public.send(tx, template="test", to="ada@example.org", values={}, locale="en")
                raise Conflict("no")
        assert await post.jobs.run_until_idle() == 0

    async def test_a_provider_gets_it_once_with_the_sender_of_the_settings(self, post: Post) -> None:
        await post.configure(fromName="Kiln", replyToEmail="answers@shop.example")
        message_id = await post.send()
        await post.jobs.run_until_idle()
        (email,) = post.mailer.sent
        assert (email.from_name, email.from_address, email.reply_to) == (
            "Kiln",
            "hello@shop.example",
            "answers@shop.example",
        )
        assert email.reference == f"{message_id}@shop.example"
        assert (await post.row(message_id)).status == MessageStatus.SENT

    @pytest.mark.parametrize(
        "address",
        ["", "ada", "@example.org", "ada@", "a b@c.d", "a@b.c\r\nBcc: x@y.z", "a@b,c@d", "<a@b.c>", "x" * 400],
    )
    async def test_what_cannot_be_an_address_is_refused(self, post: Post, address: str) -> None:
        with pytest.raises(Invalid):
            await post.send(address)

    async def test_values_from_people_do_not_become_markup(self, post: Post) -> None:
        async with post.house.db.write() as tx:
            message_id = await public.send(
                tx,
                template="test",
                to="a@b.example",
                values={"name": "<script>alert(1)</script>{{ 7*7 }}{site.__class__}\r\nBcc: x@y.z"},
                locale="en",
            )
        await post.jobs.run_until_idle()
        row = await post.row(message_id)
        assert "<script>" not in row.html
        assert "{{ 7*7 }}{site.__class__}" in row.html
        assert "\n" not in row.subject

    async def test_an_unknown_template_is_a_dead_letter_that_says_so(self, post: Post) -> None:
        message_id = await post.send(template="no_such")
        await post.jobs.run_until_idle()
        row = await post.row(message_id)
        assert row.status == MessageStatus.FAILED
        assert "no_such" in row.error


class TestFailure:
    async def test_a_server_that_is_away_is_tried_again(self, post: Post, clock: TestClock) -> None:
        await post.configure()
        post.mailer.outcomes = [Unavailable("away"), Unavailable("away")]
        message_id = await post.send()
        await post.jobs.run_until_idle()
        row = await post.row(message_id)
        assert (row.status, row.error) == (MessageStatus.QUEUED, "away")
        for _ in range(2):
            clock.move(minutes=1)
            await post.jobs.run_until_idle()
        row = await post.row(message_id)
        assert (row.status, row.error, len(post.mailer.sent)) == (MessageStatus.SENT, "", 1)

    async def test_a_refusal_is_not_tried_again_but_can_be_by_hand(self, post: Post, clock: TestClock) -> None:
        await post.configure()
        post.mailer.outcomes = [MailRefused("550 no such box")]
        message_id = await post.send()
        await post.jobs.run_until_idle()
        clock.move(hours=2)
        assert await post.jobs.run_until_idle() == 0
        row = await post.row(message_id)
        assert (row.status, row.error) == (MessageStatus.FAILED, "550 no such box")
        async with post.house.db.read() as session:
            job = await session.get_one(Job, row.job_id)
            assert job.status == JobStatus.FAILED
        async with post.house.db.write() as tx:
            await outbox.send_again(tx, ADMIN, message_id)
        await post.jobs.run_until_idle()
        assert (await post.row(message_id)).status == MessageStatus.SENT
        assert len(post.mailer.sent) == 1

    async def test_after_the_last_try_it_stands_as_failed(self, post: Post, clock: TestClock) -> None:
        await post.configure()
        post.mailer.outcomes = [Unavailable("away")] * ATTEMPTS
        message_id = await post.send()
        for _ in range(ATTEMPTS):
            await post.jobs.run_until_idle()
            clock.move(hours=2)
        assert (await post.row(message_id)).status == MessageStatus.FAILED

    async def test_a_repeat_after_a_crash_bears_the_same_message_id(self, post: Post, clock: TestClock) -> None:
        await post.configure()
        message_id = await post.send()
        job = await post.jobs.lease()
        assert job is not None
        row = await post.row(message_id)
        assert row.reference == ""
        post.mailer.outcomes = [RuntimeError("the process dies after handing over")]
        clock.move(minutes=1)
        await post.jobs.run_until_idle()
        first = (await post.row(message_id)).reference
        clock.move(minutes=1)
        await post.jobs.run_until_idle()
        assert post.mailer.sent[0].reference == first != ""

    async def test_what_left_is_never_sent_by_hand_again(self, post: Post) -> None:
        await post.configure()
        message_id = await post.send()
        await post.jobs.run_until_idle()
        with pytest.raises(Conflict):
            async with post.house.db.write() as tx:
                await outbox.send_again(tx, ADMIN, message_id)


class TestSettings:
    async def test_in_test_mode_everything_goes_to_the_test_recipient(self, post: Post) -> None:
        await post.configure(testMode=True, testRecipient="tester@shop.example")
        message_id = await post.send("ada@example.org")
        await post.jobs.run_until_idle()
        assert [email.to for email in post.mailer.sent] == ["tester@shop.example"]
        row = await post.row(message_id)
        assert (row.recipient, row.sent_to) == ("ada@example.org", "tester@shop.example")

    @pytest.mark.parametrize("values", [{"enabled": False}, {"testMode": True, "testRecipient": ""}, {"fromEmail": ""}])
    async def test_what_may_not_leave_is_held_and_says_why(self, post: Post, values: dict[str, Any]) -> None:
        await post.configure(**values)
        message_id = await post.send()
        await post.jobs.run_until_idle()
        row = await post.row(message_id)
        assert (row.status, post.mailer.sent) == (MessageStatus.HELD, [])
        assert "Settings, E-mail" in row.error
        await post.configure(enabled=True, testMode=False, fromEmail="hello@shop.example")
        async with post.house.db.write() as tx:
            await outbox.send_again(tx, ADMIN, message_id)
        await post.jobs.run_until_idle()
        assert (await post.row(message_id)).status == MessageStatus.SENT

    async def test_the_hourly_limit_puts_the_rest_off_until_their_turn(self, post: Post, clock: TestClock) -> None:
        await post.configure(rateLimitPerHour=2)
        for number in range(5):
            await post.send(f"a{number}@example.org")
        sent = []
        for _ in range(3):
            await post.jobs.run_until_idle()
            sent.append(len(post.mailer.sent))
            clock.move(minutes=61)
        assert sent == [2, 4, 5]
        assert [email.to for email in post.mailer.sent] == [f"a{number}@example.org" for number in range(5)]

    async def test_lanes_that_send_at_once_keep_the_limit_together(self, post: Post) -> None:
        await post.configure(rateLimitPerHour=3)
        for number in range(10):
            await post.send(f"a{number}@example.org")
        await asyncio.gather(*(post.jobs.run_until_idle() for _ in range(4)))
        assert len(post.mailer.sent) == 3


class TestSecret:
    async def test_it_is_erased_once_it_is_sent(self, post: Post) -> None:
        await post.configure()
        message_id = await post.send(template="password_reset", holds_secret=True)
        await post.jobs.run_until_idle()
        assert "s3cret" in post.mailer.sent[0].html
        row = await post.row(message_id)
        assert (row.contents, row.html, row.text) == ({}, "", "")
        assert row.erased_at is not None
        async with post.house.db.read() as session:
            payloads = list(await session.scalars(select(Job.payload)))
        assert "s3cret" not in str(payloads)

    async def test_in_the_outbox_only_a_super_admin_reads_it(self, post: Post) -> None:
        message_id = await post.send(template="password_reset", holds_secret=True)
        await post.jobs.run_until_idle()
        for_admin = await post.house.db.query(queries.message, ADMIN, message_id)
        for_owner = await post.house.db.query(queries.message, OWNER, message_id)
        assert (for_admin.html, for_admin.is_hidden) == ("", True)
        assert "s3cret" in for_owner.html

    async def test_after_a_day_it_is_erased_even_if_nobody_sent_it(self, post: Post, clock: TestClock) -> None:
        message_id = await post.send(template="password_reset", holds_secret=True)
        await post.jobs.run_until_idle()
        clock.move(hours=25)
        await post.jobs.start_scheduled()
        await post.jobs.run_until_idle()
        assert (await post.row(message_id)).html == ""
        with pytest.raises(Conflict, match="erased"):
            async with post.house.db.write() as tx:
                await outbox.send_again(tx, OWNER, message_id)


class TestOutbox:
    async def test_below_admin_nobody_reads_it(self, post: Post) -> None:
        message_id = await post.send()
        with pytest.raises(NotAllowed):
            await post.house.db.query(queries.message, MANAGER, message_id)
        with pytest.raises(NotAllowed):
            async with post.house.db.write() as tx:
                await outbox.send_again(tx, MANAGER, message_id)
        with pytest.raises(NotAllowed):
            async with post.house.db.write() as tx:
                await outbox.send_test(tx, MANAGER, post.house.site, "a@b.example")

    async def test_one_that_is_not_there_is_not_found(self, post: Post) -> None:
        with pytest.raises(NotFound):
            await post.house.db.query(queries.message, ADMIN, new_id())

    async def test_a_test_goes_out_like_any_other(self, post: Post) -> None:
        await post.configure()
        async with post.house.db.write() as tx:
            await outbox.send_test(tx, ADMIN, post.house.site, "mara@shop.example")
        await post.jobs.run_until_idle()
        assert [(email.to, "Mara" in email.text) for email in post.mailer.sent] == [("mara@shop.example", True)]
