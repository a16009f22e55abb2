"""What was found in a file that was sent: its format, first rows, and what each column is taken for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from anyio import to_thread

from engine.commerce.catalog.importing import uploads
from engine.commerce.catalog.importing.dialects import OWN
from engine.commerce.catalog.importing.known import AUTO, FORMATS, Format, format_named
from engine.commerce.catalog.importing.sent import local, mapping_for
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.i18n import Message
from engine.core.ports import BlobStore
from engine.core.tabular.mapping import Field, samples
from engine.core.tabular.reading import read_table
from engine.core.tabular.table import Table

SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """A column: its first values, and the field that it is taken for ("" for none). is_own: its format reads it."""

    name: str
    values: Sequence[str]
    field: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class FileFound:
    """A file that was looked into. is_remembered: the mapping is what somebody chose for this header before."""

    upload_id: UUID
    filename: str
    format: str
    formats: Sequence[tuple[str, Message]]
    columns: Sequence[ColumnFound]
    fields: Sequence[Field]
    is_remembered: bool


async def look_into(
    db: Database,
    blobs: BlobStore,
    actor: Actor,
    kind: str,
    upload_id: UUID,
    format_: str = AUTO,
) -> FileFound:
    """Return what is in a kept file. kind: of list, for which mappings are remembered.

    Raises NotAllowed below store manager, NotFound, Invalid for what is no table.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    upload = await uploads.kept(blobs, upload_id)
    async with local(blobs, upload.file) as path:
        table = await to_thread.run_sync(read_table, path, upload.filename)
        rows = await to_thread.run_sync(samples, table)
    name, chosen = await mapping_for(db, kind, table, format_, None)
    known = format_named(name, table.columns)
    return FileFound(
        upload_id=upload_id,
        filename=upload.filename,
        format=name,
        formats=[(each.dialect.name, each.dialect.label) for each in FORMATS.values()],
        columns=_columns(table, known, chosen, rows),
        fields=known.dialect.fields,
        is_remembered=bool(chosen),
    )


def _columns(
    table: Table, known: Format, chosen: Mapping[str, str], rows: Sequence[Sequence[str]]
) -> list[ColumnFound]:
    meanings = {**known.dialect.meanings(table.columns, rows), **chosen}
    found: list[ColumnFound] = []
    used: set[str] = set()
    for place, column in enumerate(table.columns):
        values = list(dict.fromkeys(row[place].strip()[:120] for row in rows if row[place].strip()))[:SHOWN_ROWS]
        field = meanings.get(column, "")
        if field in used and field not in known.dialect.many:
            field = ""
        used.add(field)
        found.append(ColumnFound(column, values, "" if field == OWN else field, field == OWN))
    return found
