"""The words of messages, changed by people: each is tried with the example's values before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.audit import changes_of
from engine.core.domain import EmailTemplate
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.core.i18n import _, format_message
from engine.core.plaintext import line_of
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.core.settings import SettingsStore
from engine.core.transaction import Tx
from engine.messaging import public
from engine.messaging.models import StoredTemplate
from engine.messaging.ports import WORDED, Rendered, Renderer, Wording

PATH = "email-templates"
NOUN = "email_template"
MAX_NAME = 120
MANAGE = Permission.MANAGE_TEMPLATES


@dataclass(frozen=True, slots=True)
class Letters:
    """The messages that there are, by key, and what writes them."""

    settings: SettingsStore
    renderer: Renderer
    offered: Mapping[str, EmailTemplate]

    async def create(self, tx: Tx, actor: Actor, values: Mapping[str, Any]) -> StoredTemplate:
        """Return a new template for a purpose, inactive. Raises NotAllowed, Invalid for words of no use."""
        access.require(actor, MANAGE)
        purpose = self.purpose(values["purpose"])
        row = StoredTemplate(**{**values, "category": purpose.kind, "is_own": True, "is_active": False})
        self._tidy(row)
        tx.add(row)
        await tx.flush()
        first = {name: [None, value] for name, value in values.items() if value}
        tx.record(actor, f"{NOUN}.create", row, changes=first, resource_type=NOUN, name=row.name)
        tx.publish(RecordCreated(row.id, PATH))
        return row

    async def update(
        self, tx: Tx, actor: Actor, template_id: UUID, changes: Mapping[str, Any], act: str = "update"
    ) -> StoredTemplate:
        """Return the template with these words. Raises NotAllowed, NotFound, Invalid naming field and line."""
        access.require(actor, MANAGE)
        row = await _found(tx, template_id)
        for name, value in changes.items():
            setattr(row, name, value)
        self._tidy(row)
        return await self._kept(tx, actor, row, act)

    async def reset(self, tx: Tx, actor: Actor, template_id: UUID) -> StoredTemplate:
        """Return the template with the words that come with Agora; its history has the others."""
        return await self.update(tx, actor, template_id, dict.fromkeys(WORDED, ""), "reset")

    async def duplicate(self, tx: Tx, actor: Actor, template_id: UUID) -> StoredTemplate:
        """Return an inactive copy with another name."""
        access.require(actor, MANAGE)
        row = await _found(tx, template_id)
        name = format_message(_("Copy of {name}").having(name=row.name), self.settings.site.general.language)
        words = {one: getattr(row, one) for one in WORDED}
        return await self.create(tx, actor, {"purpose": row.purpose, "name": name[:MAX_NAME], **words})

    async def delete(self, tx: Tx, actor: Actor, template_id: UUID) -> None:
        """Delete a template that somebody made; was it active, the one that comes with Agora is again.

        Raises NotAllowed, NotFound, Conflict for one that comes with Agora.
        """
        access.require(actor, MANAGE)
        row = await _found(tx, template_id)
        if not row.is_own:
            raise Conflict(_("“{name}” comes with Agora. Switch it off, or reset its words."), name=row.name)
        was_active = row.is_active
        tx.record(actor, f"{NOUN}.delete", row, changes={}, resource_type=NOUN, name=row.name)
        tx.publish(RecordDeleted(row.id, PATH))
        await tx.delete(row)
        await tx.flush()
        if was_active:
            self._switch(tx, actor, await _built_in(tx, row.purpose), on=True)

    async def restore(self, tx: Tx, actor: Actor, values: Mapping[str, Any]) -> StoredTemplate:
        """Return a template from the bin, inactive."""
        access.require(actor, MANAGE)
        row = StoredTemplate(**{**values, "is_active": False})
        tx.add(row)
        await tx.flush()
        tx.record(actor, f"{NOUN}.restore", row, changes={}, resource_type=NOUN, name=row.name)
        tx.publish(RecordCreated(row.id, PATH))
        return row

    async def activate(self, tx: Tx, actor: Actor, template_id: UUID) -> StoredTemplate:
        """Have messages of its purpose written by this template, and by no other.

        Raises NotAllowed, NotFound, Invalid where its words are of no use any more.
        """
        access.require(actor, MANAGE)
        row = await _found(tx, template_id)
        if row.is_active:
            return row
        self.check(row.purpose, row.wording)
        for other in await tx.scalars(_of(row.purpose).where(StoredTemplate.is_active)):
            self._switch(tx, actor, other, on=False)
        await tx.flush()
        self._switch(tx, actor, row, on=True)
        return row

    async def deactivate(self, tx: Tx, actor: Actor, template_id: UUID) -> StoredTemplate:
        """Have messages written by the one that comes with Agora instead; is it that one, not at all.

        Raises NotAllowed, NotFound, Conflict for messages that nobody can do without.
        """
        access.require(actor, MANAGE)
        row = await _found(tx, template_id)
        if not row.is_active:
            return row
        if not row.is_own and self.purpose(row.purpose).needs:
            raise Conflict(_("“{name}” cannot be switched off: people need the link in it."), name=row.name)
        self._switch(tx, actor, row, on=False)
        await tx.flush()
        if row.is_own:
            self._switch(tx, actor, await _built_in(tx, row.purpose), on=True)
        return row

    async def send_test(self, tx: Tx, actor: Actor, template_id: UUID, to: str = "") -> UUID:
        """Send a template with its example's values, to the actor unless said; return the message's id.

        Raises NotAllowed for another's address below admin, NotFound, Invalid for something that cannot be an address.
        """
        access.require(actor, MANAGE)
        to = to.strip() or actor.email
        if to.lower() != actor.email.lower() and not access.allows(actor, Permission.UPDATE_SETTINGS):
            raise NotAllowed(
                _("Tests go to your own address, {address}. Ask an administrator for others."), address=actor.email
            )
        row = await _found(tx, template_id)
        example = self.purpose(row.purpose).example
        locale = self.settings.site.general.language
        message_id = await public.send(tx, template=row.purpose, to=to, values=example, locale=locale, tries=row.id)
        tx.record(actor, f"{NOUN}.test", row, changes={}, resource_type=NOUN, name=row.name, recipient=to)
        return message_id

    def purpose(self, key: str) -> EmailTemplate:
        """Return the message of this key. Raises NotFound."""
        if key not in self.offered:
            raise NotFound(_("There is no e-mail template “{template}”."), template=key[:60])
        return self.offered[key]

    def words(self, row: StoredTemplate) -> Wording:
        """Return what a template says, its gaps filled with what comes with Agora."""
        return row.wording.over(self.renderer.wording(row.purpose, self.settings.site.general.language))

    def check(self, purpose: str, wording: Wording) -> None:
        """Raise Invalid naming each field that cannot be used, its line, and what to do."""
        own = self.renderer.wording(purpose, self.settings.site.general.language)
        self.renderer.check(self.purpose(purpose), wording.over(own), self.settings.site)

    def preview(self, purpose: str, wording: Wording) -> Rendered:
        """Return a message as these words write it with the example's values. Raises NotFound, Invalid."""
        self.check(purpose, wording)
        site = self.settings.site
        return self.renderer.render(purpose, self.purpose(purpose).example, site, site.general.language, wording)

    def _tidy(self, row: StoredTemplate) -> None:
        """Make the words one kind of lines, empty where they are those that come with Agora, and try them."""
        own = self.renderer.wording(row.purpose, self.settings.site.general.language)
        row.name = line_of(row.name)
        if not row.name:
            nameless = _("It needs a name, so that you find it again.")
            raise Invalid(nameless, {"name": nameless})
        for one in WORDED:
            text = (getattr(row, one) or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
            setattr(row, one, "" if text == getattr(own, one).strip() else text)
        self.check(row.purpose, row.wording)

    async def _kept(self, tx: Tx, actor: Actor, row: StoredTemplate, act: str) -> StoredTemplate:
        row.trouble = ""
        if changes_of(row):
            tx.record(actor, f"{NOUN}.{act}", row, resource_type=NOUN, name=row.name)
            tx.publish(RecordUpdated(row.id, PATH))
        await tx.flush()
        return row

    def _switch(self, tx: Tx, actor: Actor, row: StoredTemplate, *, on: bool) -> None:
        row.is_active = on
        act = "activate" if on else "deactivate"
        tx.record(actor, f"{NOUN}.{act}", row, resource_type=NOUN, name=row.name)
        tx.publish(RecordUpdated(row.id, PATH))


def _of(purpose: str) -> Any:
    return select(StoredTemplate).where(StoredTemplate.purpose == purpose).with_for_update()


async def _found(tx: Tx, template_id: UUID) -> StoredTemplate:
    row = await tx.get(StoredTemplate, template_id, locked=True)
    if row is None:
        raise NotFound(_("There is no such e-mail template. It may have been deleted."))
    return row


async def _built_in(tx: Tx, purpose: str) -> StoredTemplate:
    found: StoredTemplate = (await tx.scalars(_of(purpose).where(StoredTemplate.is_own.is_(False)))).one()
    return found
