"""What is written when an entry comes: to staff who asked for it, and to who sent it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.content.forms.models import EntryPayment, Form, FormEntry
from engine.content.forms.reading import rows_of
from engine.content.forms.shapes import FieldType, FormField
from engine.core.domain import EmailTemplate, LetterKind
from engine.core.i18n import _, format_message
from engine.core.transaction import Tx
from engine.messaging import public as messaging

NOTICE, REPLY = "form_notice", "form_reply"
LONGEST_ANSWER = 2_000
_place = re.compile(r"\{\{\s*([a-z][a-z0-9_-]{0,39})\s*\}\}")
_ROWS = [{"label": "Name", "text": "Ada Lovelace"}, {"label": "Message", "text": "Do you deliver to Ghent?"}]
_NAMES = {
    "form": _("The form’s name"),
    "answers": _("Each answer"),
    "answers.label": _("What was asked"),
    "answers.text": _("What was answered"),
}
EMAILS = (
    EmailTemplate(
        NOTICE,
        _("Somebody sent a form"),
        {"form": "Contact", "answers": _ROWS, "url": "/admin/form-entries", "email": "ada@example.org"},
        LetterKind.HOUSE,
        {**_NAMES, "url": _("The entry, as a link"), "email": _("The sender’s address, or nothing")},
    ),
    EmailTemplate(
        REPLY,
        _("Answer to who sent a form"),
        {
            "form": "Contact",
            "answers": _ROWS,
            "subject": "We have received your message",
            "text": "Thank you, Ada. We answer within two days.",
        },
        LetterKind.HOUSE,
        {**_NAMES, "subject": _("The subject that the form names"), "text": _("The words that the form names")},
    ),
)


async def notify(tx: Tx, form: Form, entry: FormEntry, questions: Sequence[FormField], locale: str) -> None:
    """Write to staff, with answers going to the sender."""
    told = _told(form, entry, questions, locale)
    for address in form.notify:
        about = {"url": f"/admin/form-entries/{entry.id}", "email": entry.email}
        await messaging.send(
            tx,
            template=NOTICE,
            to=address,
            values={**told, **about},
            locale=locale,
            about=entry.id,
            reply_to=entry.email,
        )


async def answer(tx: Tx, form: Form, entry: FormEntry, questions: Sequence[FormField], locale: str) -> None:
    """Write to the sender, unless they might be a machine."""
    yes = format_message(_("yes"), locale)
    if form.reply_text.strip() and not entry.reasons and entry.email and messaging.is_plausible(entry.email):
        said = {one.id: text for one, text in rows_of(questions, entry.answers, yes=yes)}
        subject = merged(form.reply_subject, said) or form.name
        words = {"subject": " ".join(subject.split())[:200], "text": merged(form.reply_text, said)}
        await messaging.send(
            tx,
            template=REPLY,
            to=entry.email,
            values={**_told(form, entry, questions, locale), **words},
            locale=locale,
            about=entry.id,
        )


def _told(form: Form, entry: FormEntry, questions: Sequence[FormField], locale: str) -> dict[str, Any]:
    yes, awaited = (format_message(one, locale) for one in (_("yes"), _("the payment is awaited")))
    rows = [
        {"label": one.label, "text": text[:LONGEST_ANSWER]} for one, text in rows_of(questions, entry.answers, yes=yes)
    ]
    paying = {one.label for one in questions if one.type is FieldType.PAYMENT}
    if entry.payment is EntryPayment.AWAITED:
        rows = [{**row, "text": f"{row['text']} – {awaited}"} if row["label"] in paying else row for row in rows]
    return {"form": form.name, "answers": rows}


def merged(text: str, answers: Mapping[str, Any]) -> str:
    """Return a text with `{{ id }}` replaced by that answer; by nothing where there is none."""
    return _place.sub(lambda found: str(answers.get(found[1], "")), text)
