"""From a list's address to what it asks, and the addresses that ask for something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from engine.core.paging import MAX_PAGE, PageRequest
from engine.core.records.reading import ListRequest, filters_of
from engine.core.resource import Resource
from engine.core.site import General

LIMIT = 50
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """The parameters of a list's address. filters: by name, only those that the list has."""

    path: str
    search: str
    sort: str
    filters: Mapping[str, Sequence[str]]
    page: int

    @classmethod
    def of(cls, request: Request, resource: Resource) -> "Asked":
        query = request.query_params
        known = dict(filters_of(resource))
        filters: dict[str, list[str]] = {}
        for name, value in query.multi_items():
            if name in known and value:
                filters.setdefault(name, []).append(value.replace("\x00", "")[:LONGEST])
        text = query.get("page", "")
        number = int(text) if text.isdecimal() and len(text) <= 7 else 1
        return cls(
            path=f"/admin/{resource.path}",
            search=query.get("search", "").replace("\x00", "").strip()[:LONGEST],
            sort=query.get("sort", "")[:60],
            filters=filters,
            page=min(max(number, 1), MAX_PAGE),
        )

    def request(self, general: General) -> ListRequest:
        """Return it as the list is asked."""
        return ListRequest(PageRequest(self.page, LIMIT), self.search, self.filters, self.sort, general.zone)

    def query(self, *, without: tuple[str, str] | None = None, **changes: str) -> str:
        """Return the parameters as text. without: a filter's (name, value) that is left out; changes: search, sort."""
        pairs = [("search", changes.get("search", self.search)), ("sort", changes.get("sort", self.sort))]
        pairs += [(name, value) for name, values in self.filters.items() for value in values]
        return urlencode([pair for pair in pairs if pair[1] and pair != without])

    def url(self, *, without: tuple[str, str] | None = None, **changes: str) -> str:
        """Return the address that asks for this, from its first page."""
        query = self.query(without=without, **changes)
        return f"{self.path}?{query}" if query else self.path

    @property
    def pages_url(self) -> str:
        """The address of its pages, for `ui.pagination`."""
        query = self.query()
        return f"{self.path}?{query}&page={{page}}" if query else f"{self.path}?page={{page}}"

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.filters)
