"""What the lists of all kinds of voices share: where one stands, and what it is about."""

from typing import Any

from engine.content.speech.standing import Standing
from engine.core.i18n import Message, _
from engine.core.resource import Field, Widget

STANDINGS: tuple[tuple[Standing, Message], ...] = (
    (Standing.PENDING, _("Waits")),
    (Standing.PUBLISHED, _("Published")),
    (Standing.SPAM, _("Spam")),
    (Standing.BINNED, _("In the bin")),
)


def address(model: type[Any]) -> Field:
    """Return the field of the author's address."""
    return Field(model.email, _("E-mail"), _("For you alone."), search=True, filter=True, write=False)


def standing(model: type[Any]) -> tuple[Field, ...]:
    """Return the fields of where a voice stands, and of what it is about."""
    return (
        Field(model.status, _("Where it stands"), _("Only published ones are seen."), column=True, filter=True,
              write=False, choices=STANDINGS),
        Field(model.kind, _("About"), _("The kind of thing that it is about."), filter=True, write=False),
        Field(model.subject_id, _("About which"), _("The thing that it is about."), filter=True, write=False,
              widget=Widget.TEXT),
    )  # fmt: skip


def written(model: type[Any]) -> Field:
    """Return the field of when it came."""
    return Field(model.created_at, _("Written"), _("When it came."), column=True, sort=True, filter=True, write=False)
