"""What staff do with entries: their status, notes on them, deleting and erasing them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import or_, select

from engine.content.forms import suspicion
from engine.content.forms.facts import FormSubmitted
from engine.content.forms.models import EntryStatus, Form, FormEntry, FormEntryNote, FormUpload, upload_key
from engine.content.forms.policy import MANAGE
from engine.content.spam.learning import Lesson
from engine.core import access
from engine.core.actor import Actor
from engine.core.audit import changes_of
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.mailbox import normal_email
from engine.core.plaintext import paragraphs_of
from engine.core.records.facts import RecordDeleted, RecordUpdated
from engine.core.records.tables import BinnedRecord
from engine.core.transaction import Tx
from engine.messaging import public as messaging

PATH = "form-entries"
NOUN = "form_entry"
REMOVE_JOB = "forms.remove_files"
LONGEST_NOTE = 5_000
BATCH = 200


async def change(tx: Tx, actor: Actor, entry_id: UUID, changes: Mapping[str, Any]) -> FormEntry:
    """Return the entry with another status. Raises NotAllowed, NotFound."""
    row = await _locked(tx, actor, entry_id)
    status = changes.get("status")
    return await put(tx, actor, row, EntryStatus(status)) if status is not None else row


async def put(tx: Tx, actor: Actor, row: FormEntry, status: EntryStatus) -> FormEntry:
    """Return the entry with this status; what staff let out of the spam is told as a form that was sent."""
    was_spam = row.status is EntryStatus.SPAM
    row.status = status
    if changes_of(row):
        tx.record(actor, f"{NOUN}.update", row, resource_type=NOUN, name=_named(row))
        tx.publish(RecordUpdated(row.id, PATH))
        if was_spam and status is not EntryStatus.SPAM:
            form = await tx.get(Form, row.form_id)
            tx.publish(FormSubmitted(row.id, row.form_id, form.slug if form else ""))
        await tx.flush()
    return row


async def done(tx: Tx, actor: Actor, entry_id: UUID) -> FormEntry:
    """Mark an entry as done."""
    return await put(tx, actor, await _locked(tx, actor, entry_id), EntryStatus.DONE)


async def spam(tx: Tx, actor: Actor, entry_id: UUID) -> FormEntry:
    """Put an entry with the spam; the filter learns its words."""
    row = await _locked(tx, actor, entry_id)
    await suspicion.teach(tx, row, Lesson.SPAM)
    return await put(tx, actor, row, EntryStatus.SPAM)


async def fine(tx: Tx, actor: Actor, entry_id: UUID) -> FormEntry:
    """Take an entry out of the spam, unread; the filter learns that it is fine."""
    row = await _locked(tx, actor, entry_id)
    await suspicion.teach(tx, row, Lesson.FINE)
    return await put(tx, actor, row, EntryStatus.NEW)


async def unread(tx: Tx, actor: Actor, entry_id: UUID) -> FormEntry:
    """Mark an entry as unread."""
    return await put(tx, actor, await _locked(tx, actor, entry_id), EntryStatus.NEW)


async def read(tx: Tx, actor: Actor, entry_id: UUID) -> None:
    """Note that somebody looked at a new entry; no line of the audit log is worth it."""
    row = await _locked(tx, actor, entry_id)
    if row.status is EntryStatus.NEW:
        row.status = EntryStatus.READ
        tx.publish(RecordUpdated(row.id, PATH))


async def note(tx: Tx, actor: Actor, entry_id: UUID, text: str) -> FormEntryNote:
    """Return a new note on an entry. Raises NotAllowed, NotFound, Invalid for an empty or endless one."""
    row = await _locked(tx, actor, entry_id)
    words = paragraphs_of(text)
    if not words or len(words) > LONGEST_NOTE:
        message: Message = (
            _("Write something.") if not words else _("Use at most {most} characters.").having(most=LONGEST_NOTE)
        )
        raise Invalid(message, {"text": message})
    made = FormEntryNote(
        entry_id=row.id, author_id=actor.user_id, author=actor.name or actor.email or "Agora", text=words
    )
    tx.add(made)
    tx.record(actor, f"{NOUN}.note", row, changes={}, resource_type=NOUN, name=_named(row))
    return made


async def drop_note(tx: Tx, actor: Actor, entry_id: UUID, note_id: UUID) -> None:
    """Delete a note. Raises NotAllowed, NotFound for one that is not on this entry."""
    row = await _locked(tx, actor, entry_id)
    found = await tx.get(FormEntryNote, note_id)
    if found is None or found.entry_id != row.id:
        raise NotFound(_("This note is not there any more."))
    tx.record(actor, f"{NOUN}.drop_note", row, changes={}, resource_type=NOUN, name=_named(row))
    await tx.delete(found)


async def delete(tx: Tx, actor: Actor, entry_id: UUID) -> None:
    """Delete an entry that is in the bin already; its files stay as long as it can come back."""
    row = await _locked(tx, actor, entry_id)
    tx.record(actor, f"{NOUN}.delete", row, changes={}, resource_type=NOUN, name=_named(row))
    tx.publish(RecordDeleted(row.id, PATH))
    await tx.delete(row)


async def erase_person(tx: Tx, actor: Actor, address: str) -> int:
    """Erase for good all that came from an e-mail address, out of every form and the bin; return how many entries.

    An entry is theirs when an e-mail field of it holds the address. Raises NotAllowed, Invalid for what is no address.
    """
    access.require(actor, MANAGE)
    email = normal_email(address)
    rows = (await tx.scalars(select(FormEntry).where(FormEntry.email == email).with_for_update())).all()
    others = await tx.scalars(
        select(FormEntry).where(FormEntry.email != email, FormEntry.words.contains(email.casefold(), autoescape=True))
    )
    found = [*rows, *(row for row in others if email in _addresses(row.answers))]
    await erase(tx, found)
    binned = await _erase_binned(tx, email)
    tx.record(actor, f"{NOUN}.erase", resource_type=NOUN, changes={}, entries=len(found) + binned)
    return len(found) + binned


async def erase(tx: Tx, rows: Sequence[FormEntry]) -> None:
    """Erase entries with their notes, files and letters, for good."""
    ids = [row.id for row in rows]
    await _drop_files(tx, ids)
    await messaging.forget(tx, ids)
    for row in rows:
        tx.publish(RecordDeleted(row.id, PATH))
        await tx.delete(row)
    await tx.flush()


async def _erase_binned(tx: Tx, email: str) -> int:
    gone = 0
    for binned in await tx.scalars(
        select(BinnedRecord).where(or_(BinnedRecord.resource == PATH, BinnedRecord.resource == "forms"))
    ):
        if binned.resource == PATH:
            if _is_of(binned.values, email):
                await _drop_files(tx, [binned.record_id])
                await messaging.forget(tx, [binned.record_id])
                await tx.delete(binned)
                gone += 1
            continue
        kept = binned.links.get("form_entries", [])
        theirs = {str(one["id"]) for one in kept if _is_of(one, email)}
        if theirs:
            notes = binned.links.get("form_entry_notes", [])
            binned.links = {
                **binned.links,
                "form_entries": [one for one in kept if str(one["id"]) not in theirs],
                "form_entry_notes": [one for one in notes if str(one["entry_id"]) not in theirs],
            }
            ids = [UUID(one) for one in theirs]
            await _drop_files(tx, ids)
            await messaging.forget(tx, ids)
            gone += len(theirs)
    return gone


def _named(row: FormEntry) -> str:
    """Return what a line of the audit log calls an entry: nothing of a person, for such lines stay."""
    return str(row.id)[-12:]


def _is_of(values: Mapping[str, Any], email: str) -> bool:
    return values.get("email") == email or email in _addresses(values.get("answers") or {})


def _addresses(answers: Mapping[str, Any]) -> set[str]:
    return {value.lower() for value in answers.values() if isinstance(value, str) and "@" in value}


async def _drop_files(tx: Tx, entry_ids: Iterable[UUID]) -> None:
    ids = list(entry_ids)
    if not ids:
        return
    files = list(await tx.scalars(select(FormUpload.id).where(FormUpload.entry_id.in_(ids))))
    if files:
        await tx.execute(delete_rows(FormUpload).where(FormUpload.id.in_(files)))
        tx.enqueue(REMOVE_JOB, {"keys": [upload_key(one) for one in files]})


async def _locked(tx: Tx, actor: Actor, entry_id: UUID) -> FormEntry:
    access.require(actor, MANAGE)
    row = await tx.get(FormEntry, entry_id, locked=True)
    if row is None:
        raise NotFound(_("Entry {id} is not there. It may have been deleted.").having(id=entry_id))
    return row
