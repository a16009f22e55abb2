"""What was sent to be imported: its bytes as a file here, and how its columns are to be read."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from anyio import open_file, to_thread

from engine.commerce.catalog.importing.known import AUTO, format_named
from engine.core.database import Database
from engine.core.ports import BlobStore
from engine.core.tabular.mapping import signature
from engine.core.tabular.remembered import recalled
from engine.core.tabular.table import Table


async def mapping_for(
    db: Database, kind: str, table: Table, format_: str, mapping: Mapping[str, str] | None
) -> tuple[str, dict[str, str]]:
    """Return (format, mapping): what is asked for, else what was last chosen for this header.

    Raises Invalid, listing the choices, for a format that is not known.
    """
    name = format_named(format_, table.columns).dialect.name
    if mapping is not None:
        return name, dict(mapping)
    before = await db.query(recalled, kind, signature(table.columns))
    if before is None or (format_ != AUTO and format_ != before[0]):
        return name, {}
    return before[0], {column: field for column, field in before[1].items() if column in table.columns}


@asynccontextmanager
async def local(blobs: BlobStore, key: str | None) -> AsyncIterator[Path]:
    """A blob as a file on this machine, for as long as it is looked at."""
    folder = Path(await to_thread.run_sync(tempfile.mkdtemp))
    path = folder / "blob"
    try:
        if key:
            async with await open_file(path, "wb") as out:
                async for chunk in blobs.stream(key):
                    await out.write(chunk)
        yield path
    finally:
        await asyncio.shield(to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True)))
