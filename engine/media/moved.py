"""The media library in a site file: what is said of each file, and its bytes, which are looked at as any upload is."""

from typing import Any
from uuid import UUID

from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.ports import BlobStore
from engine.core.sitefile.kinds import Bytes, Part, Row, SiteKind, Thing
from engine.core.transaction import Tx
from engine.media import pictures
from engine.media.contents import apart, described, look
from engine.media.facts import MediaChanged, MediaUploaded
from engine.media.kinds import name_of
from engine.media.limits import check_size, most_bytes
from engine.media.models import MAX_FILENAME, Media, MediaTag, original_key, variant_key
from engine.media.rules import focus_of, folder_of, tags_of
from engine.media.uploads import enqueue_variants

#: Found by looking at the bytes, and never believed.
_FOUND = frozenset({
    "kind", "content_type", "extension", "file", "size_bytes", "version", "width", "height", "placeholder", "variants",
})  # fmt: skip


def _key(row: Row) -> str:
    return original_key(row["id"], row["extension"], row["file"])


async def keep(db: Database, blobs: BlobStore, row: Row, data: bytes) -> Row:
    """Put a file's bytes in place; return what they turned out to be. Raises Invalid as an upload does."""
    check_size(len(data), await db.query(most_bytes))
    if await apart(pictures.digest_of, data) != row["sha256"]:
        raise Invalid(_("“{name}” is not the file that its line says.").having(name=row["filename"]))
    content = await apart(look, data, row["filename"])
    media_id: UUID = row["id"]
    await blobs.put(original_key(media_id, content.extension), data)
    for variant in content.variants:
        await blobs.put(variant_key(media_id, variant.name, variant.file), variant.data)
    found: dict[str, Any] = {
        "kind": content.kind,
        "content_type": content.content_type,
        "extension": content.extension,
        "file": "",
        "size_bytes": len(data),
        "version": pictures.version_of(row["sha256"]),
        "width": content.width,
        "height": content.height,
        "placeholder": content.placeholder,
        "variants": described(content.variants),
    }
    return found


def _clean(_book: Book, thing: Thing) -> None:
    row = thing.row
    row["filename"], row["folder"] = name_of(row["filename"], MAX_FILENAME), folder_of(row["folder"])
    focus_of(row["focus_x"], row["focus_y"])
    row["alt"] = "" if row["is_decorative"] else " ".join(row["alt"].split())
    thing.parts["tags"] = [{"tag": tag} for tag in tags_of(one["tag"] for one in thing.parts["tags"])]


async def _settle(tx: Tx, actor: Actor, thing: Thing, before: Row | None) -> None:
    if before is None or any(before[name] != thing.row[name] for name in ("focus_x", "focus_y")):
        enqueue_variants(tx, thing.id, actor)


MEDIA = SiteKind(
    name="media",
    label=_("Files"),
    noun="media",
    model=Media,
    title=lambda row: str(row["filename"]),
    skip=_FOUND | {"uploaded_by", "deleted_at", "updated_at"},
    parts=(Part(name="tags", owner=MediaTag.media_id),),
    bytes=Bytes(_key, keep),
    where=lambda: Media.deleted_at.is_(None),
    same=(Media.sha256,),
    kept=frozenset({"sha256", "filename"}),
    says={"deleted_at": None},
    untimed=True,
    clean=_clean,
    settle=_settle,
    facts=lambda row, is_new: [MediaUploaded(row["id"], row["filename"]) if is_new else MediaChanged(row["id"])],
)
SITE_KINDS = (MEDIA,)
