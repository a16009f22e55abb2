"""What every list of the admin reads from its address, and how it writes the next one."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request

from engine.core.ids import parse_id
from engine.core.paging import MAX_PAGE, PageRequest

LIMIT = 50
MAX_SEARCH = 200


def asked(request: Request, name: str) -> str:
    """Return one parameter of the address as a line of text, or an empty one."""
    return request.query_params.get(name, "").replace("\x00", "").strip()[:MAX_SEARCH]


def page_asked(request: Request, limit: int = LIMIT) -> PageRequest:
    """Return the page that the address asks for; the first where it asks for none."""
    text = asked(request, "page")
    number = int(text) if text.isdecimal() and len(text) <= 7 else 1
    return PageRequest(min(max(number, 1), MAX_PAGE), limit)


def address(path: str, values: Mapping[str, object], **changes: object) -> str:
    """Return the address of a list with these filters, empty ones left out: `address("/admin/jobs", kept, page=2)`."""
    kept = {name: value for name, value in {**values, **changes}.items() if value not in ("", None)}
    return f"{path}?{urlencode(kept)}" if kept else path


def next_pages(path: str, values: Mapping[str, object]) -> str:
    """Return the address for `ui.pagination`: the page's number stands as {page}."""
    first = address(path, values)
    return f"{first}{'&' if '?' in first else '?'}page={{page}}"


__all__ = ("address", "asked", "next_pages", "page_asked", "parse_id")
