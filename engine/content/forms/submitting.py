"""Sending a form: what was typed becomes an entry, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.content.forms import answers, billing, letters, suspicion, tickets, uploads
from engine.content.forms.facts import FormSubmitted
from engine.content.forms.forms import missing
from engine.content.forms.models import EntryPayment, EntryStatus, Form, FormEntry
from engine.content.forms.ports import Cashier, NoCashier
from engine.content.forms.reading import email_of, summary_of, words_of
from engine.content.forms.shapes import FieldType, FormField, kept, read
from engine.core import idempotency
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import Message, _
from engine.core.plaintext import line_of
from engine.core.secrets import Secrets
from engine.core.spamsettings import SpamSettings
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class Submission:
    """What came. typed: by field id, as `answers` reads it; of files their tokens.

    ticket: as `tickets.issue` gave it to the page; a program has none, and may bring a key of its own to be taken once.
    page: the path that it was sent from.
    """

    typed: Mapping[str, Any]
    ticket: str = ""
    key: str = ""
    trap: str = ""
    page: str = ""
    locale: str = "en"
    is_program: bool = False


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a form is guarded by: the secrets that tickets are signed with, and what staff decided about spam.

    cashier: who takes the money that it asks for.
    """

    secrets: Secrets
    spam: SpamSettings
    cashier: Cashier = field(default_factory=NoCashier)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. is_repeat: it had come before. answers: of what was shown, by field id.

    order_id: of the order by which its sender pays; None where nothing is to be paid.
    """

    entry_id: UUID
    is_spam: bool
    is_repeat: bool
    answers: Mapping[str, Any] = field(default_factory=dict)
    order_id: UUID | None = None


async def submit(tx: Tx, actor: Actor, house: Guarded, form_id: UUID, sent: Submission) -> Taken:
    """Take a form once; what looks like spam is kept apart and tells nobody.

    Raises NotFound, Conflict for a form that is closed, Invalid naming each field that is wrong by its id (`typed` of
    unknown fields too), KeyReused when the same ticket came with other answers.
    """
    form = await tx.get(Form, form_id)
    if form is None:
        raise missing(form_id)
    if not form.is_open:
        raise Conflict(_("“{name}” takes no entries now.").having(name=form.name))
    fields = read(form.fields)
    ticket = tickets.read(house.secrets, form.id, sent.ticket, tx.now)
    key = ticket.key if ticket else sent.key
    once = None
    if key:
        once = await idempotency.begin(tx, f"form.submit:{form.id}", key, _fingerprint(fields, sent))
        if once.replay is not None:
            return _repeated(once.replay)
    found = await _checked(tx, actor, house.cashier, form, fields, sent)
    entry = _entry(form, fields, found, actor, sent)
    came = {"trap": sent.trap, "age": ticket.age if ticket else None, "asks_age": not sent.is_program}
    is_spam = await suspicion.judged(tx, actor, house.secrets, house.spam, entry, **came)
    entry.status = EntryStatus.SPAM if is_spam else EntryStatus.NEW
    tx.add(entry)
    await tx.flush()
    await uploads.claim(tx, form.id, entry.id, _files(found))
    if not is_spam:
        await _tell(tx, actor, house.cashier, form, entry, found, sent.locale)
    elif billing.asked_in(found):
        entry.payment = EntryPayment.CANCELLED  # machines try out cards: they are asked for nothing
    if once is not None:
        kept = {"entry": str(entry.id), "spam": is_spam, "order": str(entry.order_id) if entry.order_id else None}
        await idempotency.finish(tx, once, kept)
    return Taken(entry.id, is_spam, is_repeat=False, answers=found.answers, order_id=entry.order_id)


def _repeated(kept: Mapping[str, Any]) -> Taken:
    order = kept.get("order")
    return Taken(UUID(kept["entry"]), bool(kept["spam"]), is_repeat=True, order_id=UUID(order) if order else None)


async def _tell(
    tx: Tx, actor: Actor, cashier: Cashier, form: Form, entry: FormEntry, found: answers.Checked, locale: str
) -> None:
    """Tell the house and staff of an entry; its sender is answered at once, or else once they have paid."""
    order_id = await billing.charge(tx, actor, cashier, form, entry, found)
    tx.publish(FormSubmitted(entry.id, form.id, form.slug))
    await letters.notify(tx, form, entry, found.fields, locale)
    if order_id is None:
        await letters.answer(tx, form, entry, found.fields, locale)


def _fingerprint(fields: Sequence[FormField], sent: Submission) -> dict[str, Any]:
    """Return by what a repeat is known; a file that is sent again has another token each time."""
    files = {one.id for one in fields if one.type is FieldType.FILE}
    return {name: value for name, value in sent.typed.items() if name not in files}


async def _checked(
    tx: Tx, actor: Actor, cashier: Cashier, form: Form, fields: Sequence[FormField], sent: Submission
) -> answers.Checked:
    asked = {one.id: one for one in fields if one.asks}
    unknown = [name for name in sent.typed if name not in asked]
    if unknown:
        told = _("This form has no field “{id}”. Leave it out.")
        named = [line_of(name)[:60] for name in unknown[:20]]
        raise Invalid(_("Some answers need another look."), {name: told.having(id=name) for name in named})
    typed, wrong = await _with_files(tx, form, asked, sent.typed)
    found = answers.check(fields, typed)
    shown = {one.id for one in found.fields}
    found.wrong |= {name: text for name, text in wrong.items() if name in shown}
    billing.agree(cashier, actor, found)
    if found.wrong:
        raise Invalid(_("Some answers need another look."), found.wrong)
    return found


async def _with_files(
    tx: Tx, form: Form, asked: Mapping[str, FormField], typed: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Message | str]]:
    """Return what was typed with each file's token replaced by what is kept of the file."""
    found, wrong = dict(typed), dict[str, Message | str]()
    connection = await tx.session.connection()
    for one in asked.values():
        tokens = found.get(one.id)
        if one.type is not FieldType.FILE or not tokens:
            continue
        named = [tokens] if isinstance(tokens, str) else tokens if isinstance(tokens, list) else [tokens]
        texts = [token for token in named if isinstance(token, str)]
        known = await connection.run_sync(uploads.waiting, form.id, texts)
        rows = [known[token] for token in dict.fromkeys(texts) if token in known and known[token].field == one.id]
        if len(rows) < len(named):
            wrong[one.id] = _("A file is not here any more. Choose it again.")
        found[one.id] = [uploads.described(row) for row in rows]
    return found, wrong


def _entry(
    form: Form, fields: Sequence[FormField], found: answers.Checked, actor: Actor, sent: Submission
) -> FormEntry:
    return FormEntry(
        form_id=form.id,
        answers=found.answers,
        questions=kept([one for one in fields if one.asks]),
        summary=summary_of(found.fields, found.answers),
        email=email_of(found.fields, found.answers),
        words=words_of(found.fields, found.answers),
        user_id=actor.user_id,
        page=sent.page[:500],
        locale=sent.locale[:20],
    )


def _files(found: answers.Checked) -> list[str]:
    return [file["id"] for one in found.fields if one.type is FieldType.FILE for file in found.answers.get(one.id, [])]
