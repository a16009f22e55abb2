"""Every page that somebody can click to: the links of each page followed, one page for each route and declared list."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import unescape

from fastapi.routing import APIRoute
from playwright.sync_api import APIRequestContext
from starlette.routing import Match

from ui.routes import page_router

ANCHOR = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
#: Markup that a script fills in later.
TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)
#: What tells two pages of one route apart: the declared list, the group of settings.
KINDS = ("resource", "key")
Key = tuple[str, ...]


@dataclass
class Linked:
    """What was found: `pages` are whole pages (address to markup), `routes` all that answer, `dead` what does not."""

    pages: dict[str, str] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)


def page_routes() -> list[APIRoute]:
    """Return everything that answers a click."""
    return [route for route in page_router().routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]


def follow(request: APIRequestContext, starts: Sequence[str], wanted: Callable[[str], bool]) -> Linked:
    """Follow the links from some addresses on, as who `request` is. wanted: which paths are of interest."""
    found, done, waiting = Linked(), set[Key](), list(starts)
    routes = page_routes()
    while waiting:
        address = waiting.pop(0)
        key = _key(routes, address.partition("?")[0])
        if key in done or not wanted(address):
            continue
        done.add(key)
        found.routes.add(key[0])
        answer = request.get(address)
        if answer.status != 200:
            found.dead.append(f"{address} answered {answer.status}")
        if "html" in answer.headers.get("content-type", "") and "<html" in (markup := answer.text()):
            found.pages[address] = markup
            waiting += links(markup)
    return found


def links(markup: str) -> Iterable[str]:
    """Return where a page leads within its site."""
    return (unescape(address) for address in ANCHOR.findall(TEMPLATE.sub("", markup)) if not address.startswith("//"))


def _key(routes: Iterable[APIRoute], path: str) -> Key:
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    for route in routes:
        match, scope = route.matches(asked)
        if match is Match.FULL:
            return (route.path, *(str(scope["path_params"].get(kind, "")) for kind in KINDS))
    return (path,)
