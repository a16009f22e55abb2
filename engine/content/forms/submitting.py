"""Sending a form: what was typed becomes an entry, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.content.forms import answers, letters, suspicion, tickets, uploads
from engine.content.forms.facts import FormSubmitted
from engine.content.forms.forms import missing
from engine.content.forms.models import EntryStatus, Form, FormEntry
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
    """What a form is guarded by: the secrets that tickets are signed with, and what staff decided about spam."""

    secrets: Secrets
    spam: SpamSettings


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. is_repeat: it had come before. answers: of what was shown, by field id."""

    entry_id: UUID
    is_spam: bool
    is_repeat: bool
    answers: Mapping[str, Any] = field(default_factory=dict)


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
            return Taken(UUID(once.replay["entry"]), bool(once.replay["spam"]), is_repeat=True)
    found = await _checked(tx, form, fields, sent)
    entry = _entry(form, fields, found, actor, sent)
    came = {"trap": sent.trap, "age": ticket.age if ticket else None, "asks_age": not sent.is_program}
    is_spam = await suspicion.judged(tx, actor, house.secrets, house.spam, entry, **came)
    entry.status = EntryStatus.SPAM if is_spam else EntryStatus.NEW
    tx.add(entry)
    await tx.flush()
    await uploads.claim(tx, form.id, entry.id, _files(found))
    if not is_spam:
        tx.publish(FormSubmitted(entry.id, form.id, form.slug))
        await letters.write(tx, form, entry, found.fields, sent.locale)
    if once is not None:
        await idempotency.finish(tx, once, {"entry": str(entry.id), "spam": is_spam})
    return Taken(entry.id, is_spam, is_repeat=False, answers=found.answers)


def _fingerprint(fields: Sequence[FormField], sent: Submission) -> dict[str, Any]:
    """Return by what a repeat is known; a file that is sent again has another token each time."""
    files = {one.id for one in fields if one.type is FieldType.FILE}
    return {name: value for name, value in sent.typed.items() if name not in files}


async def _checked(tx: Tx, form: Form, fields: Sequence[FormField], sent: Submission) -> answers.Checked:
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
