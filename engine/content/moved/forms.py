"""Forms in a site file; and, where somebody asked for them, what people sent, with notes and files."""

from anyio import to_thread
from pydantic import ValidationError
from sqlalchemy import select

from engine.content.forms import shapes
from engine.content.forms.forms import clean
from engine.content.forms.models import Form, FormEntry, FormEntryNote, FormUpload, upload_key
from engine.content.moved.shelves import told_of
from engine.content.moved.voices import reasons_of
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.ids import digest, new_secret
from engine.core.linking import checked_link
from engine.core.plaintext import is_blank
from engine.core.ports import BlobStore
from engine.core.sitefile.kinds import Bytes, Part, Row, SiteKind, Thing
from engine.core.slugs import is_slug
from engine.media.kinds import kind_of, name_of

MAX_DAYS = 36_500


def _clean_form(_book: Book, thing: Thing) -> None:
    row = thing.row
    if is_blank(row["name"]) or not is_slug(row["slug"]):
        raise Invalid(_("A form has a name, and an address that can be."))
    if not all(isinstance(one, str) for one in row["notify"]):
        raise Invalid(_("Whoever hears of it is named by an e-mail address."))
    row.update(clean(row))
    row["confirmation_url"] = checked_link(row["confirmation_url"], "confirmationUrl")
    if row["retention_days"] is not None and not 1 <= row["retention_days"] <= MAX_DAYS:
        raise Invalid(_("Entries are kept for 1 to {most} days.").having(most=MAX_DAYS))


def _clean_entry(_book: Book, thing: Thing) -> None:
    row = thing.row
    try:
        known = {one.id for one in shapes.read(row["questions"])}
    except (ValidationError, TypeError):
        raise Invalid(_("Its questions are none that a form asks.")) from None
    row["reasons"] = reasons_of(row["reasons"])
    if set(row["answers"]) - known:
        raise Invalid(_("It answers what was not asked."))


def _clean_upload(_book: Book, thing: Thing) -> None:
    thing.row["filename"] = name_of(thing.row["filename"], 200)


async def _keep(_db: Database, blobs: BlobStore, row: Row, data: bytes) -> Row:
    found = await to_thread.run_sync(kind_of, data, row["filename"])
    await blobs.put(upload_key(row["id"]), data)
    said = {"content_type": found.content_type} if found.content_type else {}
    return {"digest": digest(new_secret()), "kind": found.kind.value, "size_bytes": len(data), **said}


FORMS = SiteKind(
    name="forms",
    label=_("Forms"),
    noun="form",
    model=Form,
    title=lambda row: str(row["name"]),
    same=(Form.slug,),
    clean=_clean_form,
    facts=told_of("forms"),
)
ENTRIES = SiteKind(
    name="form-entries",
    label=_("What forms brought in"),
    noun="form_entry",
    model=FormEntry,
    title=lambda row: str(row["summary"]),
    skip=frozenset({"user_id"}),
    parts=(Part(name="notes", owner=FormEntryNote.entry_id, skip=frozenset({"author_id"})),),
    asked="entries",
    clean=_clean_entry,
    facts=told_of("form-entries"),
)
UPLOADS = SiteKind(
    name="form-files",
    label=_("Files that came with forms"),
    noun="form_upload",
    model=FormUpload,
    title=lambda row: str(row["filename"]),
    skip=frozenset({"digest"}),
    bytes=Bytes(lambda row: upload_key(row["id"]), _keep),
    where=lambda: FormUpload.entry_id.in_(select(FormEntry.id)),
    asked="entries",
    clean=_clean_upload,
)
