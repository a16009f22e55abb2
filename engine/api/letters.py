"""`/email-templates`: a letter before it is sent, a test of it, and a copy; the list itself is a resource."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from engine.api.request import Caller, House, WriteTx, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.records import reading
from engine.core.records.reading import Record
from engine.core.resource import Resource
from engine.messaging.ports import WORDED, Wording
from engine.messaging.templates import PATH

router = APIRouter(prefix=f"/{PATH}", tags=["email templates"], dependencies=[allow(Permission.MANAGE_TEMPLATES)])
Words = Annotated[str | None, Field(max_length=20_000)]


class LetterWords(Wire):
    """Words to be tried instead of those that are saved; left out: as saved; empty: as they come with Agora."""

    subject: Words = None
    preheader: Words = None
    body: Words = None


class LetterPreview(Wire):
    """A letter with its example's values. words: what it says, gaps filled with what comes with Agora."""

    subject: str
    html: str
    text: str
    words: dict[str, str]


class TestRequest(Wire):
    """Where a test goes; left out: to the caller. Others' addresses are for admins."""

    to: Annotated[str, Field(max_length=320)] = ""


class TestSent(Wire):
    """The message in the outbox."""

    message_id: UUID


class LetterCopy(Wire):
    """A new, inactive template."""

    id: UUID
    name: str
    purpose: str


@router.post("/{template_id:uuid}/preview")
async def preview_letter(
    template_id: UUID, house: House, actor: Caller, words: LetterWords | None = None
) -> LetterPreview:
    """Return a letter as it would be sent, with an example's values. 422 names field and line of what is wrong."""
    record = await house.db.query(_record, actor, house.resources[PATH], template_id)
    asked = words or LetterWords()
    saved = {one: record.values[one] for one in WORDED}
    wording = Wording(**{one: saved[one] if getattr(asked, one) is None else getattr(asked, one) for one in WORDED})
    purpose = record.values["purpose"]
    rendered = house.letters.preview(purpose, wording)
    whole = wording.over(house.letters.renderer.wording(purpose, house.site.general.language))
    said = {one: getattr(whole, one) for one in WORDED}
    return LetterPreview(subject=rendered.subject, html=rendered.html, text=rendered.text, words=said)


@router.post("/{template_id:uuid}/test", status_code=202)
async def test_letter(template_id: UUID, asked: TestRequest, house: House, actor: Caller, tx: WriteTx) -> TestSent:
    """Send a letter with an example's values, to the caller unless said."""
    return TestSent(message_id=await house.letters.send_test(tx, actor, template_id, asked.to))


@router.post("/{template_id:uuid}/duplicate", status_code=201)
async def duplicate_letter(template_id: UUID, house: House, actor: Caller, tx: WriteTx) -> LetterCopy:
    """Copy a template; the copy is inactive."""
    row = await house.letters.duplicate(tx, actor, template_id)
    await tx.flush()
    return LetterCopy(id=row.id, name=row.name, purpose=row.purpose)


def _record(connection: Connection, actor: Actor, resource: Resource, template_id: UUID) -> Record:
    return reading.one(connection, actor, resource, template_id)
