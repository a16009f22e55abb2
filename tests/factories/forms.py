"""Forms and what comes in by them, made through the verbs."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.api.ports import Ports
from engine.content.forms import queries, submitting, tickets
from engine.content.forms.queries import EntryView, FormView
from engine.content.forms.resources import FORMS, VERBS
from engine.content.forms.submitting import Guarded, Submission, Taken
from engine.core.actor import Actor
from engine.core.records import writing

STAFF = Actor.system("Mia")
VISITOR = Actor.stranger("203.0.113.9")
FIELDS: Sequence[Mapping[str, Any]] = (
    {"id": "name", "type": "text", "label": "Name", "required": True},
    {"id": "email", "type": "email", "label": "E-mail", "required": True},
    {"id": "message", "type": "long_text", "label": "Message"},
)
TYPED: Mapping[str, Any] = {"name": "Ada Lovelace", "email": "Ada@Example.org", "message": "Do you deliver to Ghent?"}


class Desk:
    """The wired house as one that takes forms."""

    def __init__(self, house: Ports) -> None:
        self.house = house

    async def form(self, fields: Sequence[Mapping[str, Any]] = FIELDS, **values: Any) -> FormView:
        """Return a new form."""
        async with self.house.db.write() as tx:
            made = await writing.create(tx, STAFF, FORMS, {"name": "Contact", "fields": list(fields), **values})
        return await self.see(made.id)

    async def starter(self, key: str) -> FormView:
        """Return a form made of a starter."""
        async with self.house.db.write() as tx:
            made = await VERBS.start(tx, STAFF, key, "en")
        return await self.see(made.id)

    async def change(self, form: FormView, **values: Any) -> FormView:
        """Return the form with these values."""
        async with self.house.db.write() as tx:
            await writing.update(tx, STAFF, FORMS, form.id, values)
        return await self.see(form.id)

    async def see(self, form_id: UUID) -> FormView:
        return await self.house.db.query(queries.form, form_id)

    def ticket(self, form: FormView) -> str:
        """Return a ticket issued now."""
        return tickets.issue(self.house.secrets, form.id, self.house.clock.now())

    async def send(
        self, form: FormView, typed: Mapping[str, Any] = TYPED, *, actor: Actor = VISITOR, **said: Any
    ) -> Taken:
        """Send a form as a program would, unless a ticket is said."""
        said.setdefault("is_program", "ticket" not in said)
        guarded = Guarded(self.house.secrets, self.house.site.spam, self.house.cashier)
        async with self.house.db.write() as tx:
            return await submitting.submit(tx, actor, guarded, form.id, Submission(typed=typed, **said))

    async def entry(self, entry_id: UUID) -> EntryView:
        return await self.house.db.query(queries.entry, STAFF, entry_id)


__all__ = ["FIELDS", "STAFF", "TYPED", "VISITOR", "Desk"]
