"""A whole list as a file, streamed: memory does not grow with it."""

from collections.abc import AsyncIterator, Callable, Iterator

from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.records.wording import shown
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.records import reading
from engine.core.records.reading import ListRequest
from engine.core.records.tabulating import csv_lines, json_lines
from engine.core.resource import Resource

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
#: Lines that are held before they are sent.
CHUNK = 200


def answer(house: Ports, actor: Actor, resource: Resource, asked: ListRequest, kind: str) -> Response:
    """Answer everything that the list would show, as a file. Raises NotAllowed, Invalid for another kind of file."""
    if kind not in KINDS:
        message = _("“{kind}” is no kind of file that a list comes as. Use csv or json.").having(kind=kind[:20])
        raise Invalid(message, {"format": message})
    reading.check(actor, resource, asked)
    currency = house.site.general.currency

    def lines(connection: Connection) -> Iterator[str]:
        records = reading.all_of(connection, actor, resource, asked)
        if kind == "csv":
            return csv_lines(resource, records, currency)
        return json_lines(shown(resource, record, currency) for record in records)

    today = house.clock.now().date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="{resource.path}-{today}.{kind}"'}
    return StreamingResponse(_streamed(house, lines), media_type=KINDS[kind], headers=headers)


async def _streamed(house: Ports, lines: Callable[[Connection], Iterator[str]]) -> AsyncIterator[bytes]:
    async for chunk in house.db.stream(lines, CHUNK):
        yield "".join(chunk).encode()
