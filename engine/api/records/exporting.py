"""A whole list as a file, streamed: memory does not grow with it."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from itertools import islice

from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.records.wording import shown
from engine.api.spooling import spooled
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.records import reading
from engine.core.records.reading import BATCH, ListRequest, Record
from engine.core.records.tabulating import columns_of, rows_of
from engine.core.resource import Resource
from engine.core.tabular.writing import csv_batches, json_batches

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def answer(house: Ports, actor: Actor, resource: Resource, asked: ListRequest, kind: str) -> Response:
    """Answer everything that the list would show, as a file. Raises NotAllowed, Invalid for another kind of file."""
    if kind not in KINDS:
        message = _("“{kind}” is no kind of file that a list comes as. Use csv or json.").having(kind=kind[:20])
        raise Invalid(message, {"format": message})
    reading.check(actor, resource, asked)
    currency = house.site.general.currency

    def parts(connection: Connection) -> Iterator[bytes]:
        records = batched(reading.all_of(connection, actor, resource, asked))
        if kind == "csv":
            return csv_batches(columns_of(resource), (rows_of(resource, batch, currency) for batch in records))
        return json_batches([shown(resource, record, currency) for record in batch] for batch in records)

    today = house.clock.now().date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="{resource.path}-{today}.{kind}"'}
    return StreamingResponse(spooled(_streamed(house, parts)), media_type=KINDS[kind], headers=headers)


def batched(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Yield the records some at a time."""
    while batch := list(islice(records, BATCH)):
        yield batch


async def _streamed(house: Ports, parts: Callable[[Connection], Iterator[bytes]]) -> AsyncGenerator[bytes, None]:
    async with aclosing(house.db.stream(parts, 1)) as batches:
        async for several in batches:
            for part in several:
                yield part
