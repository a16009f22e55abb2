"""Reads of gated files: what their pages say, and who may have them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, select

from engine.accounts.models import User
from engine.content.files.files import MANAGE, missing
from engine.content.files.links import Holder
from engine.content.files.models import FileDownload, FileRule, GatedFile, file_key
from engine.content.forms.models import EntryPayment, EntryStatus, Form, FormEntry
from engine.content.speech.voices import Voices
from engine.core import access
from engine.core.actor import Actor, Role
from engine.core.ids import parse_id
from engine.core.subjects import Subject

PRODUCT = "product"
SHOWN_DOWNLOADS = 50
#: Entries that owe nothing: nothing was asked for, or it is here.
SETTLED = (None, EntryPayment.PAID)


class Need(StrEnum):
    """What somebody lacks who may not have a file."""

    NOTHING = ""
    ACCOUNT = "account"
    ROLE = "role"
    PURCHASE = "purchase"
    FORM = "form"
    PAYMENT = "payment"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class FileView:
    """A gated file as faces need it."""

    id: UUID
    title: str
    slug: str
    text: str
    is_hidden: bool
    rule: FileRule
    role: Role | None
    product_id: UUID | None
    form_id: UUID | None
    filename: str
    content_type: str
    size_bytes: int
    version: str

    @property
    def key(self) -> str:
        """Where the blob store keeps it."""
        return file_key(self.id, self.version)

    @property
    def is_here(self) -> bool:
        """Whether there is anything to have."""
        return bool(self.version) and not self.is_hidden


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether somebody may have a file: for whom a link is made, or what they need; product: what is to be bought."""

    need: Need
    holder: Holder = Holder()
    product: Subject | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A link that was used."""

    who: str
    at: datetime


def file(connection: Connection, key: UUID | str) -> FileView:
    """Return a file by its id or slug. Raises NotFound."""
    file_id = key if isinstance(key, UUID) else parse_id(key)
    where = GatedFile.id == file_id if file_id is not None else GatedFile.slug == key
    columns = [getattr(GatedFile, name) for name in FileView.__dataclass_fields__]
    row = connection.execute(select(*columns).where(where)).first()
    if row is None:
        raise missing(key)
    return FileView(*row)


def decide(
    connection: Connection, voices: Voices, actor: Actor, found: FileView, entry_id: UUID | None = None
) -> Decision:
    """Return whether an actor may have a file. entry_id: of a form that was sent for it, proven.

    Staff who manage files may have each; whose rule lacks what it asks for is for nobody else.
    """
    if access.allows(actor, MANAGE) or found.rule is FileRule.EVERYBODY:
        return Decision(Need.NOTHING, Holder(user_id=actor.user_id))
    if found.rule is FileRule.FORM:
        return _by_form(connection, found, entry_id)
    if found.rule is FileRule.PURCHASE:
        return _by_purchase(connection, voices, actor, found)
    return _by_account(actor, found)


def _by_account(actor: Actor, found: FileView) -> Decision:
    if not actor.is_signed_in:
        return Decision(Need.ACCOUNT)
    if found.rule is FileRule.ROLE and (found.role is None or not actor.reaches(found.role)):
        return Decision(Need.ROLE if found.role else Need.CLOSED)
    return Decision(Need.NOTHING, Holder(user_id=actor.user_id))


def _by_form(connection: Connection, found: FileView, entry_id: UUID | None) -> Decision:
    form = connection.execute(select(Form.slug, Form.is_open).where(Form.id == found.form_id)).first()
    if entry_id is not None:
        sent = select(FormEntry.payment).where(
            FormEntry.id == entry_id, FormEntry.form_id == found.form_id, FormEntry.status != EntryStatus.SPAM
        )
        entry = connection.execute(sent).first()
        if entry is not None and entry.payment in SETTLED:
            return Decision(Need.NOTHING, Holder(entry_id=entry_id))
        if entry is not None and entry.payment is EntryPayment.AWAITED:
            return Decision(Need.PAYMENT)
    return Decision(Need.FORM, form=form.slug) if form is not None and form.is_open else Decision(Need.CLOSED)


def opened_by_entry(connection: Connection, entry_id: UUID) -> list[FileView]:
    """Return the files that are open to who sent an entry, now that all is paid that its form asks for."""
    columns = [getattr(GatedFile, name) for name in FileView.__dataclass_fields__]
    sent = (FormEntry.id == entry_id, FormEntry.status != EntryStatus.SPAM, GatedFile.rule == FileRule.FORM)
    rows = connection.execute(
        select(*columns, FormEntry.payment)
        .join(FormEntry, FormEntry.form_id == GatedFile.form_id)
        .where(*sent)
        .order_by(GatedFile.title, GatedFile.id)
    )
    found = [FileView(*row[:-1]) for row in rows if row.payment in SETTLED]
    return [one for one in found if one.is_here]


def _by_purchase(connection: Connection, voices: Voices, actor: Actor, found: FileView) -> Decision:
    kind = voices.kinds.get(PRODUCT)
    if kind is None or found.product_id is None:
        return Decision(Need.CLOSED)
    if actor.user_id is not None and kind.bought(connection, found.product_id, actor.user_id):
        return Decision(Need.NOTHING, Holder(user_id=actor.user_id))
    product = kind.find(connection, [found.product_id]).get(found.product_id)
    return Decision(Need.PURCHASE if product is not None else Need.CLOSED, product=product)


def downloads(connection: Connection, actor: Actor, file_id: UUID) -> list[Download]:
    """Return the last links of a file that were used. Raises NotAllowed."""
    access.require(actor, MANAGE)
    rows = connection.execute(
        select(FileDownload.who, User.email, FileDownload.created_at)
        .outerjoin(User, User.id == FileDownload.user_id)
        .where(FileDownload.file_id == file_id)
        .order_by(FileDownload.created_at.desc(), FileDownload.id.desc())
        .limit(SHOWN_DOWNLOADS)
    )
    return [Download(row.who or row.email or "", row.created_at) for row in rows]
