"""Entries as a table or as JSON: a column for each question, also for those that the form has no more."""

from collections.abc import Iterable, Sequence
from typing import Any

from engine.content.forms.queries import EntryView
from engine.content.forms.reading import text_of
from engine.content.forms.shapes import FieldType, FormField
from engine.core.i18n import _, format_message

OWN = ("id", "createdAt", "status", "email")
#: In the place of a field's id: where the money of an entry is.
PAYMENT = ""


def columns_of(fields: Sequence[FormField], seen: Iterable[FormField] = ()) -> list[tuple[str, str]]:
    """Return (field id, header) of a form's questions in their order, and of those only older entries know.

    Two questions of the same words bear their ids too. Where money is asked for, its standing has a column (`PAYMENT`).
    """
    known: dict[str, str] = {}
    for one in (*fields, *seen):
        if one.asks and one.id not in known:
            known[one.id] = one.label
            if one.type is FieldType.PAYMENT:
                known[PAYMENT] = "payment"
    labels = list(known.values())
    return [(id_, label if labels.count(label) == 1 else f"{label} ({id_})") for id_, label in known.items()]


def row_of(entry: EntryView, columns: Sequence[tuple[str, str]], locale: str) -> list[str]:
    """Return an entry as the cells of a table: `OWN`, then its answers."""
    yes = format_message(_("yes"), locale)
    own = [str(entry.id), entry.created_at.isoformat().replace("+00:00", "Z"), str(entry.status), entry.email]
    answers = {one.id: text_of(one, entry.answers.get(one.id), yes=yes) for one in entry.questions}
    answers[PAYMENT] = str(entry.payment or "")
    return [*own, *(answers.get(id_, "") for id_, _label in columns)]


def record_of(entry: EntryView) -> dict[str, Any]:
    """Return an entry as JSON, as the API answers it."""
    return {
        "id": str(entry.id),
        "formId": str(entry.form_id),
        "status": str(entry.status),
        "email": entry.email,
        "summary": entry.summary,
        "answers": dict(entry.answers),
        "labels": {one.id: one.label for one in entry.questions if one.asks},
        "page": entry.page,
        "payment": str(entry.payment) if entry.payment else None,
        "orderId": str(entry.order_id) if entry.order_id else None,
        "createdAt": entry.created_at.isoformat().replace("+00:00", "Z"),
    }
