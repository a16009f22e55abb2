"""What happened to a resource's things, in words: the history of one, and the bin of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.core.i18n import Message, _
from engine.core.paging import Page
from engine.core.records.bin import Binned
from engine.core.records.history import Change
from engine.core.resource import Resource, Text

LONGEST = 400
_WORDS: dict[str, Message] = {
    "create": _("Added"),
    "update": _("Changed"),
    "delete": _("Deleted"),
    "restore": _("Brought back"),
}


@dataclass(frozen=True)
class Difference:
    """One field's value before and after, as text."""

    field: Text
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    id: UUID
    title: Text
    actor: str
    at: datetime
    changes: Sequence[Difference]
    can_put_back: bool

    @property
    def text(self) -> Text | None:
        """The fields that changed, in a line."""
        names = [str(one.field) for one in self.changes]
        return ", ".join(names[:4]) + ("…" if len(names) > 4 else "") if names else None


@dataclass(frozen=True)
class History:
    """Everything that happened to a thing, the latest first."""

    resource: Resource
    path: str
    own_path: str
    title: str
    lines: Sequence[Line]
    may_write: bool


@dataclass(frozen=True)
class Bin:
    """What of a list was deleted."""

    resource: Resource
    path: str
    found: Page[Binned]


def line_of(resource: Resource, change: Change) -> Line:
    """Return a change in words."""
    labels = {field.name: field.label for field in resource.fields}
    verb = change.action.rpartition(".")[2]
    return Line(
        id=change.id,
        title=_WORDS.get(verb, verb.replace("_", " ").capitalize()),
        actor=change.actor,
        at=change.at,
        changes=[
            Difference(labels.get(name, name.replace("_", " ")), _shown(pair[0]), _shown(pair[-1]))
            for name, pair in change.changes.items()
        ],
        can_put_back=bool(change.changes) and verb != "create",
    )


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
