"""The files of the library as a list: what is said about each. They come by upload, and have a bin of their own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.resource import Field, Resource
from engine.core.transaction import Tx
from engine.media import items
from engine.media.facts import MediaChanged, MediaPurged, MediaUploaded
from engine.media.models import Media


async def _update(tx: Tx, actor: Actor, media_id: UUID, changes: Mapping[str, Any]) -> Media | None:
    await items.edit(tx, actor, media_id, **changes)
    return await tx.get(Media, media_id)


MEDIA = Resource(
    path="media",
    noun="media",
    model=Media,
    singular=_("File"),
    plural=_("Media"),
    title=lambda row: row.filename,
    text=_("Pictures, documents, films and sounds."),
    icon="image",
    read=Permission.ENTER_ADMIN,
    write=Permission.UPLOAD_MEDIA,
    makes=False,
    deletes=False,
    scope=lambda _actor: Media.deleted_at.is_(None),
    order=(Media.created_at.desc(),),
    verbs={"update": _update},
    facts=(MediaUploaded, MediaChanged, MediaPurged),
    fields=(
        Field(Media.filename, _("Name"), _("What the file was called."), column=True, search=True, sort=True,
              write=False),
        Field(Media.alt, _("Alternative text"), _("What somebody hears who does not see it."), column=True,
              search=True),
        Field(Media.is_decorative, _("Decorative"), _("It says nothing that the text around it does not."),
              filter=True),
        Field(Media.folder, _("Folder"), _("Where it lies: shop/mugs."), column=True, search=True, filter=True,
              sort=True),
        Field(Media.kind, _("Kind"), _("Found by its content."), column=True, filter=True, write=False),
        Field(Media.content_type, _("Type"), _("Its media type."), filter=True, write=False),
        Field(Media.size_bytes, _("Size"), _("In bytes."), column=True, sort=True, filter=True, write=False),
        Field(Media.width, _("Width"), _("In pixels; 0 where there is no picture."), sort=True, write=False),
        Field(Media.height, _("Height"), _("In pixels; 0 where there is no picture."), sort=True, write=False),
        Field(Media.created_at, _("Since"), _("When it was taken in."), sort=True, filter=True, write=False),
    ),
    empty=(_("No files yet"), _("Drop pictures and documents into the library.")),
)  # fmt: skip
