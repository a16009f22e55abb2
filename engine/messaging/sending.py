"""The job that sends a message: render, count, hand over, settle. Its steps bear being repeated after a crash.

A message that was handed over just before the process died is handed over again with the same Message-ID.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from engine.core.database import Database
from engine.core.errors import AgoraError, Unavailable, told
from engine.core.i18n import Message as Words
from engine.core.i18n import _, format_message
from engine.core.running import GiveUp, JobKind, JobRun
from engine.core.settings import Site
from engine.core.transaction import Tx
from engine.messaging import rules
from engine.messaging.models import Message, MessageStatus, StoredTemplate
from engine.messaging.ports import Delivery, Email, MailRefused, OpenMailer, Rendered
from engine.messaging.public import SEND
from engine.messaging.templates import Letters

ATTEMPTS = 9
DONE = (MessageStatus.SENT, MessageStatus.KEPT)
MAX_ERROR = 2_000
#: One transaction at a time counts, so that the hourly limit holds however many lanes send.
COUNT_LOCK = 0x61676D73


@dataclass(frozen=True, slots=True)
class Sending:
    """What the job works with."""

    letters: Letters
    mailers: Mapping[str, OpenMailer]

    def job(self) -> JobKind:
        """Return the kind of job that sends one message."""
        return JobKind(SEND, self.run, attempts=ATTEMPTS)

    async def run(self, job: JobRun) -> dict[str, Any] | None:
        """Send the message that the job names."""
        site = self.letters.settings.site
        async with job.db.read() as session:
            message = await session.get(Message, UUID(job.payload["message"]))
            chosen = await choose(session, message) if message is not None else Choice()
        if message is None or message.status in DONE or message.erased_at is not None:
            return None
        try:
            rendered, trouble = self._written(message, chosen.words, site)
            if chosen.words is not None and trouble != chosen.words.trouble:
                await note_trouble(job.db, chosen.words.id, trouble)
            email = await claim(job.db, message.id, site, rendered, is_off=chosen.is_off)
            if email is None:
                return None
            delivery = await self._mailer(site).deliver(email)
        except Exception as error:
            is_final = job.attempt >= ATTEMPTS or (isinstance(error, AgoraError) and not isinstance(error, Unavailable))
            await note_failure(job.db, message.id, error, site.general.language, is_final=is_final)
            if isinstance(error, MailRefused):
                raise GiveUp(str(error)) from error
            raise
        await settle(job.db, message.id, delivery, _fallback(trouble, site))
        return {"delivery": str(delivery)}

    def _written(self, message: Message, words: StoredTemplate | None, site: Site) -> tuple[Rendered, str]:
        """Return the message in the words that people chose, else in its own, and why theirs were of no use."""
        renderer = self.letters.renderer
        asked = (message.template, message.contents, site, message.locale)
        if words is None or not any((words.subject, words.preheader, words.body)):
            return renderer.render(*asked), ""
        try:
            return renderer.render(*asked, words.wording), ""
        except Exception as error:  # noqa: BLE001 - whatever is wrong with somebody's words, the letter goes out
            return renderer.render(*asked), format_message(told(error), site.general.language)[:MAX_ERROR]

    def _mailer(self, site: Site) -> Any:
        return self.mailers[site.email.provider](site.email)


@dataclass(frozen=True, slots=True)
class Choice:
    """By which stored template a message is written. is_off: its purpose is switched off."""

    words: StoredTemplate | None = None
    is_off: bool = False


async def choose(session: AsyncSession, message: Message) -> Choice:
    """Return the template that a message tries, else the active one of its purpose."""
    if message.tries is not None and (tried := await session.get(StoredTemplate, message.tries)) is not None:
        return Choice(tried)
    found = list(await session.scalars(select(StoredTemplate).where(StoredTemplate.purpose == message.template)))
    active = next((row for row in found if row.is_active), None)
    return Choice(active, is_off=bool(found) and active is None)


async def claim(
    db: Database, message_id: UUID, site: Site, rendered: Rendered, *, is_off: bool = False
) -> Email | None:
    """Write down what is about to leave and count it; return None where it must wait or stay."""
    async with db.write() as tx:
        message = await tx.get(Message, message_id, locked=True)
        if message is None or message.status in DONE:
            return None
        sender = rules.sender_of(site)
        message.reference = message.reference or f"{message.id}@{sender.address.rpartition('@')[2] or 'localhost'}"
        message.subject = rules.one_line(rendered.subject)
        message.html, message.text = rendered.html, rendered.text
        message.sender = str(sender)[:560]
        message.provider = site.email.provider
        message.sent_to = rules.destination(site.email, message.recipient)
        reason, stays = rules.reason_to_hold(site), MessageStatus.HELD
        if is_off:
            reason, stays = rules.SWITCHED_OFF, MessageStatus.KEPT
        if reason is not None:
            message.status, message.error = stays, format_message(reason, site.general.language)
            return None
        message.status = MessageStatus.QUEUED
        if site.email.provider != rules.OUTBOX and message.counted_at is None and not await _counts(tx, message, site):
            return None
        return Email(
            reference=message.reference,
            from_name=sender.name,
            from_address=sender.address,
            to=message.sent_to,
            reply_to=message.reply_to or sender.reply_to,
            subject=message.subject,
            html=message.html,
            text=message.text,
            locale=message.locale,
            written_at=message.created_at,
            unsubscribe=rendered.unsubscribe,
        )


async def _counts(tx: Tx, message: Message, site: Site) -> bool:
    """Count the message under the hourly limit, or put it off until its turn; return whether it goes now."""
    limit = site.email.rate_limit_per_hour
    if tx.is_postgres:
        await tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": COUNT_LOCK})
    since = tx.now - rules.HOUR
    counted = await tx.scalars(
        select(Message.counted_at).where(Message.counted_at > since).order_by(Message.counted_at.desc()).limit(limit)
    )
    ahead = await tx.scalar(
        select(func.count()).where(
            Message.status == MessageStatus.QUEUED, Message.counted_at.is_(None), Message.id < message.id
        )
    )
    when = rules.turn(sorted(counted), ahead, limit)
    if when is None:
        message.counted_at, message.error = tx.now, ""
        return True
    message.job_id = tx.enqueue(SEND, {"message": str(message.id)}, run_at=max(when, tx.now + timedelta(seconds=1)))
    waits: Words = _("The hourly limit of {limit} is reached; this goes out when its turn comes.")
    message.error = format_message(waits.having(limit=limit), site.general.language)
    return False


async def settle(db: Database, message_id: UUID, delivery: Delivery, remark: str = "") -> None:
    """Write down that it left, or is kept, with a remark; erase a secret that is on its way to its reader."""
    async with db.write() as tx:
        message = await tx.get(Message, message_id, locked=True)
        if message is None:
            return
        message.error = remark
        if delivery is Delivery.KEPT:
            message.status = MessageStatus.KEPT
            return
        message.status, message.sent_at = MessageStatus.SENT, tx.now
        if message.holds_secret:
            erase(message, tx)


async def note_trouble(db: Database, template_id: UUID, trouble: str) -> None:
    """Write down why a template's words are of no use, or that they are again, for the person who looks at it."""
    async with db.write() as tx:
        await tx.execute(update(StoredTemplate).where(StoredTemplate.id == template_id).values(trouble=trouble))


def _fallback(trouble: str, site: Site) -> str:
    said = _("The words in E-mail templates were of no use ({trouble}), so Agora’s own were sent.")
    return format_message(said.having(trouble=trouble), site.general.language) if trouble else ""


async def note_failure(db: Database, message_id: UUID, error: Exception, locale: str, *, is_final: bool) -> None:
    """Write down why it did not leave, for the person who looks at the outbox."""
    values: dict[str, Any] = {"error": format_message(told(error), locale)[:MAX_ERROR]}
    if is_final:
        values["status"] = MessageStatus.FAILED
    async with db.write() as tx:
        await tx.execute(update(Message).where(Message.id == message_id, Message.status.not_in(DONE)).values(**values))


def erase(message: Message, tx: Tx) -> None:
    """Forget what a message says; that it was sent stays known."""
    message.contents, message.html, message.text = {}, "", ""
    message.erased_at = tx.now
