"""What is asked of a full house: every list with its sorts, filters and searches, every kind of page of the shop."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.settings import load_settings
from app.wiring import wire
from engine.core.records.kinds import choices_of, value_type, widget_of, wire_name
from engine.core.records.reading import filters_of
from engine.core.resource import Resource, Widget
from tests.server import Server

#: A word that many things of a crowd hold, two letters of it, and one that nothing holds.
WORD, LETTERS, NOTHING = "kettle", "ke", "xylophone"


@dataclass(frozen=True, slots=True)
class Question:
    """One address. is_staff: whether the owner asks."""

    what: str
    path: str
    is_staff: bool = True


def questions(server: Server) -> Iterator[Question]:
    """Yield what is asked, by what is there now."""
    for resource in _resources():
        yield from _of_list(resource)
    yield from _orders(server)
    for path in ("", "/jobs", "/outbox", "/searches", "/health", "/upkeep", "/palette?q=kettle", f"/search?q={WORD}"):
        yield Question(f"admin{path}", f"/admin{path}")
    yield from _shop(server)


def _resources() -> list[Resource]:
    with tempfile.TemporaryDirectory() as folder:
        return list(wire(load_settings(data_dir=Path(folder))).resources.values())


def _of_list(resource: Resource) -> Iterator[Question]:
    home = f"/admin/{resource.path}"
    asked = ["", "page=2", "page=100", f"search={WORD}", f"search={LETTERS}", f"search={NOTHING}"]
    for field in resource.fields:
        if field.sort:
            asked += [f"sort={wire_name(field)}", f"sort=-{wire_name(field)}"]
    for name, field in filters_of(resource):
        choices = [value for value, _words in choices_of(field)]
        if choices:
            asked.append(f"{name}={choices[0]}")
        elif value_type(field) is bool:
            asked.append(f"{name}=true")
        elif name.endswith("From") and widget_of(field) is Widget.DATETIME:
            asked.append(f"{name}=2025-06-01")
    for query in asked:
        yield Question(f"{resource.path} {query}", f"{home}?{query}" if query else home)


def _orders(server: Server) -> Iterator[Question]:
    home = "/admin/orders"
    views = [f"view={view}" for view in ("new", "to-ship", "unpaid", "refund", "cancelled")]
    searches = ["q=1500", "q=greta", "q=greta.fischer", f"q={NOTHING}"]
    for query in ("", "page=2", "page=100", *views, *searches):
        yield Question(f"orders {query}", f"{home}?{query}")
    with server.client("owner@example.org") as owner:
        for name in ("orders", "products", "users", "pages"):
            found = owner.get(f"/{name}", params={"limit": 1}).json().get("items")
            if found:
                yield Question(f"one of {name}", f"/admin/{name}/{found[0]['id']}")


def _shop(server: Server) -> Iterator[Question]:
    yield Question("shop /", "/", is_staff=False)
    paths = ["", "?page=2", "?page=100", "?sort=newest", "?sort=price", "?sort=-price", "?sort=name", "?available=true"]
    paths += ["?sale=true", "?min=10&max=20", "?option:Size=M", "?tag=quiet-0", "?band=1000-2000"]
    for query in paths:
        yield Question(f"shop /products{query}", f"/products{query}", is_staff=False)
    with server.client() as stranger, suppress(httpx.HTTPError, KeyError, IndexError):
        product = stranger.get("/products", params={"limit": 1}).json()["items"][0]
        for path in (product["url"], f"{product['url']}/related"):
            yield Question(f"shop {path.replace(product['slug'], '…')}", path, is_staff=False)
    for shelf in ("mugs", "mugs/ash-mugs", "mugs?sort=name", "mugs?page=20", "mugs?option:Size=M&sort=price"):
        yield Question(f"shop /categories/{shelf}", f"/categories/{shelf}", is_staff=False)
    for word in (WORD, LETTERS, NOTHING, "quiet blue oak", "kettel", "C000123"):
        yield Question(f"shop search {word}", f"/search?q={word}", is_staff=False)
        yield Question(f"shop suggestions {word}", f"/search/suggest?q={word}", is_staff=False)
    for path in ("/sitemap.xml", "/sitemap/products-1.xml", "/sitemap/pages-1.xml", "/crowd-5", "/blog", "/robots.txt"):
        yield Question(f"shop {path}", path, is_staff=False)
