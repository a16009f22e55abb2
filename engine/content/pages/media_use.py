"""Which files of the media library pages use: those that a draft or a published version names, anywhere in it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, delete, insert, select

from engine.content.pages.models import Page, PageKind, PageMedia
from engine.core.domain import MediaPlace, MediaUse
from engine.core.i18n import Message, _
from engine.core.tables import table_of
from engine.core.transaction import Tx
from engine.media.public import known_ids

_uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_WORDS: Mapping[PageKind, Message] = {
    PageKind.ARTICLE: _("Article"),
    PageKind.TEMPLATE: _("Page template"),
    PageKind.REUSABLE: _("Reusable block"),
}


async def note_media(tx: Tx, page_id: UUID, *contents: Mapping[str, Any] | None) -> None:
    """Remember which files these contents of a page name: its draft's, and what visitors see."""
    text = "".join(json.dumps(content) for content in contents if content)
    named = {UUID(found) for found in _uuid.findall(text)}
    connection = await tx.session.connection()
    used = await connection.run_sync(known_ids, named)
    await tx.execute(delete(PageMedia).where(PageMedia.page_id == page_id))
    if used:
        rows = [{"page_id": page_id, "media_id": media_id} for media_id in sorted(used)]
        await tx.execute(insert(table_of(PageMedia)), rows)


def _ids() -> Select[tuple[UUID | None]]:
    return select(PageMedia.media_id)


def _places(connection: Connection, ids: Sequence[UUID]) -> Iterator[MediaPlace]:
    statement = (
        select(PageMedia.media_id, Page.id, Page.kind, Page.title)
        .join(Page, Page.id == PageMedia.page_id)
        .where(PageMedia.media_id.in_(ids))
        .order_by(Page.title, Page.id)
    )
    for media_id, page_id, kind, title in connection.execute(statement):
        yield MediaPlace(media_id, _WORDS.get(kind, _("Page")), title, f"/admin/builder/{page_id}")


PAGE_PICTURES = MediaUse(_ids, _places)
