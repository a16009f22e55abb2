"""Gated files in a site file: who may have each, and its bytes."""

import re

from anyio import to_thread

from engine.content.files.files import type_of
from engine.content.files.models import GatedFile, file_key
from engine.content.moved.shelves import told_of
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import Invalid
from engine.core.html import clean_html
from engine.core.i18n import _
from engine.core.plaintext import is_blank
from engine.core.ports import BlobStore
from engine.core.sitefile.kinds import Bytes, Row, SiteKind, Thing
from engine.core.slugs import is_slug
from engine.media.kinds import name_of

_version = re.compile(r"[A-Za-z0-9_-]{1,32}")


def _key(row: Row) -> str:
    return file_key(row["id"], row["version"])


def _clean(_book: Book, thing: Thing) -> None:
    row = thing.row
    if is_blank(row["title"]) or not is_slug(row["slug"]):
        raise Invalid(_("A file has a title, and an address that can be."))
    if row["version"] and not _version.fullmatch(row["version"]):
        raise Invalid(_("“{value}” is no version of a file.").having(value=row["version"]))
    row["filename"] = name_of(row["filename"], 200) if row["version"] else ""
    row["text"] = clean_html(row["text"])


async def _keep(_db: Database, blobs: BlobStore, row: Row, data: bytes) -> Row:
    content_type = await to_thread.run_sync(type_of, data, row["filename"])
    await blobs.put(_key(row), data)
    return {"content_type": content_type, "size_bytes": len(data)}


GATED = SiteKind(
    name="gated-files",
    label=_("Files for some"),
    noun="gated_file",
    model=GatedFile,
    title=lambda row: str(row["title"]),
    skip=frozenset({"downloads"}),
    bytes=Bytes(_key, _keep, is_there=lambda row: bool(row["version"])),
    same=(GatedFile.slug,),
    kept=frozenset({"version", "filename", "content_type", "size_bytes"}),
    clean=_clean,
    facts=told_of("files"),
)
