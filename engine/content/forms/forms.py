"""Putting a form together: the verbs behind the list of forms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine.content.forms.models import AfterSending, Form, FormEntry
from engine.content.forms.policy import MANAGE
from engine.content.forms.shapes import checked
from engine.content.forms.starters import BY_KEY
from engine.core import access
from engine.core.actor import Actor
from engine.core.audit import changes_of
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.html import clean_html
from engine.core.i18n import Message, _
from engine.core.ids import new_id
from engine.core.mailbox import normal_email
from engine.core.plaintext import line_of
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.core.records.filling import check_unique, fill_slugs
from engine.core.resource import Resource
from engine.core.transaction import Tx

PATH = "forms"
NOUN = "form"
MOST_NOTIFIED = 20
#: More entries than these make no sensible thing in the bin.
MOST_BINNED = 2_000


class FormVerbs:
    """The verbs, with the declaration that they are verbs of: it knows which field makes the slug."""

    def __init__(self) -> None:
        self.resource: Resource | None = None

    async def create(self, tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Form:
        """Return a new form. Raises NotAllowed, Invalid naming each field that is wrong."""
        access.require(actor, MANAGE)
        row = Form(id=new_id(), **clean(values))
        await self._tidy(tx, row)
        tx.add(row)
        await tx.flush()
        first = {name: [None, value] for name, value in values.items() if value not in (None, "", [])}
        tx.record(actor, f"{NOUN}.create", row, changes=first, resource_type=NOUN, name=row.name)
        tx.publish(RecordCreated(row.id, PATH))
        return row

    async def update(self, tx: Tx, actor: Actor, form_id: UUID, changes: Mapping[str, Any]) -> Form:
        """Return the form with these values. Raises NotAllowed, NotFound, Invalid naming each field that is wrong."""
        access.require(actor, MANAGE)
        row = await tx.get(Form, form_id, locked=True)
        if row is None:
            raise missing(form_id)
        for name, value in clean(changes).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        await self._tidy(tx, row)
        if changes_of(row):
            tx.record(actor, f"{NOUN}.update", row, resource_type=NOUN, name=row.name)
            tx.publish(RecordUpdated(row.id, PATH))
            await tx.flush()
        return row

    async def delete(self, tx: Tx, actor: Actor, form_id: UUID) -> None:
        """Delete a form with its entries, which are in the bin with it.

        Raises NotAllowed, NotFound, Conflict for one with more entries than a bin should hold.
        """
        access.require(actor, MANAGE)
        row = await tx.get(Form, form_id, locked=True)
        if row is None:
            raise missing(form_id)
        count = await tx.scalar(select(func.count()).where(FormEntry.form_id == form_id)) or 0
        if count > MOST_BINNED:
            text = _("“{name}” has {count} entries. Export and delete them first, or close the form.")
            raise Conflict(text, name=row.name, count=count)
        tx.record(actor, f"{NOUN}.delete", row, changes={}, resource_type=NOUN, name=row.name)
        tx.publish(RecordDeleted(row.id, PATH))
        await tx.delete(row)

    async def start(self, tx: Tx, actor: Actor, key: str, locale: str) -> Form:
        """Return a new form made of a starter. Raises NotAllowed, NotFound for a starter that there is not."""
        access.require(actor, MANAGE)
        if key not in BY_KEY:
            raise NotFound(_("There is no form “{key}” to begin with.").having(key=key[:40]))
        return await self.create(tx, actor, BY_KEY[key].made(locale))

    async def duplicate(self, tx: Tx, actor: Actor, form_id: UUID) -> Form:
        """Return a copy of a form, closed and without entries."""
        access.require(actor, MANAGE)
        row = await tx.get(Form, form_id)
        if row is None:
            raise missing(form_id)
        own = ("id", "slug", "created_at", "updated_at")
        values = {one.key: getattr(row, one.key) for one in Form.__mapper__.column_attrs if one.key not in own}
        name = str(_("Copy of {name}").having(name=row.name))[:200]
        return await self.create(tx, actor, {**values, "name": name, "is_open": False})

    async def _tidy(self, tx: Tx, row: Form) -> None:
        """Give it a slug of its own, and hold its parts together."""
        assert self.resource is not None  # noqa: S101 - joined in resources.py
        wrong: dict[str, Message | str] = {}
        row.name = line_of(row.name)
        if not row.name:
            wrong["name"] = _("It needs a name, so that you find it again.")
        if row.after is AfterSending.PAGE and not row.confirmation_url:
            wrong["confirmationUrl"] = _("Say which page comes after sending.")
        if wrong:
            raise Invalid(_("The form cannot be saved like this."), wrong)
        await fill_slugs(tx, self.resource, row)
        await check_unique(tx, self.resource, row)


def missing(form_id: UUID | str) -> NotFound:
    """Return the refusal for a form that is not there."""
    return NotFound(_("There is no form {id}. It may have been deleted.").having(id=str(form_id)[:60]))


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are kept. Raises Invalid naming what is wrong."""
    found = dict(values)
    if "fields" in found:
        found["fields"] = checked(found["fields"] or [])
    for name in ("intro", "confirmation"):
        if name in found:
            found[name] = clean_html(found[name] or "")
    if "after" in found:
        found["after"] = AfterSending(found["after"])
    if "notify" in found:
        found["notify"] = _addresses(found["notify"] or [])
    return found


def _addresses(sent: list[str]) -> list[str]:
    if len(sent) > MOST_NOTIFIED:
        message = _("Name at most {most} addresses.").having(most=MOST_NOTIFIED)
        raise Invalid(message, {"notify": message})
    return list(dict.fromkeys(normal_email(one, "notify") for one in sent if one.strip()))
