"""What a request asks of a resource: which one, who may, which part of its list, and what was sent."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from engine.api.ports import Ports
from engine.api.request import Allow, Public, actor_of, ports_of
from engine.api.wire import Paging
from engine.core import access
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import _
from engine.core.paging import PageRequest
from engine.core.records.reading import LONGEST_SEARCH, ListRequest
from engine.core.resource import Resource

Doing = Literal["read", "write"]
#: Parameters that are not filters.
KNOWN = frozenset({"page", "limit", "search", "sort", "format", "columns", "view"})


def resource_named(house: Ports, path: str) -> Resource:
    """Return the resource of this path. Raises NotFound."""
    found = house.resources.get(path)
    if found is None:
        raise NotFound(_("There is nothing at this address."))
    return found


class AllowRecords:
    """A route's rule: the resource in its path says who may come in."""

    def __init__(self, doing: Doing) -> None:
        self.doing = doing

    async def __call__(self, request: Request) -> None:
        resource = resource_named(ports_of(request), request.path_params["resource"])
        permission = resource.read if self.doing == "read" else resource.write
        if permission is not None:
            access.require(await actor_of(request), permission)

    def rules(self, house: Ports) -> Iterable[tuple[str, Allow | Public]]:
        """Yield (path, rule) of every resource."""
        for path, resource in house.resources.items():
            permission = resource.read if self.doing == "read" else resource.write
            yield path, Public() if permission is None else Allow(permission)


async def _resource(request: Request, resource: Annotated[str, Path(max_length=60)]) -> Resource:
    return resource_named(ports_of(request), resource)


Asked = Annotated[Resource, Depends(_resource)]
may_read = Depends(AllowRecords("read"))
may_write = Depends(AllowRecords("write"))


def list_request(request: Request, paging: PageRequest) -> ListRequest:
    """Return what the address asks of a list: `?search=&sort=-name&statusCode=301&createdAtFrom=2026-05-01`."""
    filters: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in KNOWN and value:
            filters.setdefault(name, []).append(value)
    search = request.query_params.get("search", "")
    if len(search) > LONGEST_SEARCH:
        message = _("That is more than can be looked for at once. Use at most {most} characters.").having(
            most=LONGEST_SEARCH
        )
        raise Invalid(message, {"search": message})
    return ListRequest(
        page=paging,
        search=search,
        filters=filters,
        sort=request.query_params.get("sort", ""),
        zone=ports_of(request).site.general.zone,
        is_exact=True,
    )


async def sent_as(request: Request, shape: type[BaseModel], house: Ports) -> Any:
    """Return the request's JSON in this shape. Raises RequestValidationError naming each field that is wrong."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json":
        message = _("“{kind}” is not what is taken here. Send application/json.").having(kind=kind[:60])
        raise Invalid(message, {"body": message})
    try:
        return shape.model_validate_json(await request.body(), context={"currency": house.site.general.currency})
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from error


__all__ = (
    "AllowRecords", "Asked", "Paging", "list_request", "may_read", "may_write", "resource_named", "sent_as",
)  # fmt: skip
