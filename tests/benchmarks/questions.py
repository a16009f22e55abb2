"""What is asked of a full house: every list with its sorts, filters and searches, every kind of page of the shop."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.settings import load_settings
from app.wiring import wire
from engine.commerce.catalog.statements import SORTS
from engine.core.records.kinds import choices_of, value_type, widget_of, wire_name
from engine.core.records.reading import filters_of
from engine.core.resource import Resource, Widget
from tests.server import Server

OWNER = "owner@example.org"
#: Pages of the house itself, and lists that are written by hand.
HOUSE = (
    "", "?days=7", "?days=90", "/jobs", "/outbox", "/outbox?page=100", "/outbox?status=failed", "/outbox?status=kept",
    "/outbox?q=greta", "/outbox?q=xylophone", "/searches", "/searches?view=found", "/searches?view=found&page=100",
    "/health", "/upkeep", "/logs", "/network", "/privacy", "/settings", "/palette?q=kettle", "/palette?q=1500",
    "/search?q=kettle", "/media", "/media?page=100", "/media?q=kettle", "/media?q=xylophone",
    "/media?view=missing-alt", "/media?view=unused", "/media?folder=shop/lamp", "/media?tag=oak", "/media/picker",
    "/media/picker?q=kettle", *(
        f"/{desk}?{query}" for desk in ("comments", "reviews")
        for query in ("", "view=published", "view=published&page=100", "view=published&search=greta", "view=spam")
    ),
)  # fmt: skip
#: What is taken along as a file: lists are long.
FILES = (
    "/admin/products/export?format=agora", "/api/v1/users/export?format=csv", "/api/v1/audit/export?format=csv",
    "/api/v1/audit/export?format=json",
)  # fmt: skip
#: A word that many things of a crowd hold, two letters of it, and one that nothing holds.
WORD, LETTERS, NOTHING = "kettle", "ke", "xylophone"
#: Part of a number, and of an address, of somebody in the crowd.
NUMBER, ADDRESS = "1500", "greta.fischer"


@dataclass(frozen=True, slots=True)
class Question:
    """One address. is_staff: whether the owner asks. is_file: only its first bytes are waited for."""

    what: str
    path: str
    is_staff: bool = True
    is_file: bool = False


def questions(server: Server) -> Iterator[Question]:
    """Yield what is asked, by what is there now."""
    with server.client(OWNER) as owner:
        for resource in _resources():
            yield from _of_list(resource)
            yield from _one_of(resource.path, owner)
        yield from _orders(owner)
        yield from _entries(owner)
    for path in HOUSE:
        yield Question(f"admin{path}", f"/admin{path}")
    for path in FILES:
        yield Question(f"file {path}", path, is_file=True)
    yield from _shop(server)
    yield from _api(server)


def _resources() -> list[Resource]:
    with tempfile.TemporaryDirectory() as folder:
        return list(wire(load_settings(data_dir=Path(folder))).resources.values())


def _of_list(resource: Resource) -> Iterator[Question]:
    home = f"/admin/{resource.path}"
    asked = ["", "page=2", "page=100", *(f"search={word}" for word in (WORD, LETTERS, NOTHING, NUMBER, ADDRESS))]
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


def _one_of(path: str, owner: httpx.Client) -> Iterator[Question]:
    """Yield the page of the first thing of a list, where there is any."""
    with suppress(httpx.HTTPError, ValueError, KeyError, TypeError):
        found = owner.get(f"/{path}", params={"limit": 1}).json().get("items")
        if found:
            yield Question(f"one of {path}", f"/admin/{path}/{found[0]['id']}")


def _orders(owner: httpx.Client) -> Iterator[Question]:
    home = "/admin/orders"
    views = [f"view={view}" for view in ("new", "to-ship", "unpaid", "refund", "cancelled")]
    searches = [f"q={word}" for word in (NUMBER, "greta", ADDRESS, f"{ADDRESS}@example.org", NOTHING)]
    for query in ("", "page=2", "page=100", *views, *searches):
        yield Question(f"orders {query}", f"{home}?{query}")
    yield from _one_of("orders", owner)


def _entries(owner: httpx.Client) -> Iterator[Question]:
    """Yield what is asked of the form that most came in by."""
    with suppress(httpx.HTTPError, KeyError):
        forms = owner.get("/forms").json()["items"]
        if not forms:
            return
        home = f"/admin/forms/{max(forms, key=lambda form: form['entries'])['id']}/entries"
        for query in ("", "page=100", "status=done", "status=spam", f"q={ADDRESS}", f"q={NOTHING}", "since=2025-06-01"):
            yield Question(f"entries {query}", f"{home}?{query}")


def _shop(server: Server) -> Iterator[Question]:
    yield Question("shop /", "/", is_staff=False)
    lists = ("", "?page=2", "?page=100", "?page=500", "?min=10&max=20", "?band=1000-2000")
    narrowed = ("?available=true", "?sale=true", "?tag=quiet-0", "?tag=quiet-0&tag=small-1", "?option:Size=M")
    for query in (*lists, *narrowed, "?available=true&option:Size=M&sort=price", *(f"?sort={sort}" for sort in SORTS)):
        yield Question(f"shop /products{query}", f"/products{query}", is_staff=False)
    with server.client() as stranger, suppress(httpx.HTTPError, KeyError, IndexError):
        product = stranger.get("/products", params={"limit": 1}).json()["items"][0]
        for path in (product["url"], f"{product['url']}/related"):
            yield Question(f"shop {path.replace(product['slug'], '…')}", path, is_staff=False)
    shelves = ("mugs", "mugs/ash-mugs", "mugs?page=20", "mugs?available=true", "mugs?option:Size=M&sort=price")
    for shelf in (*shelves, *(f"mugs?sort={sort}" for sort in SORTS)):
        yield Question(f"shop /categories/{shelf}", f"/categories/{shelf}", is_staff=False)
    for word in (WORD, LETTERS, LETTERS[0], NOTHING, "quiet blue oak", "kettel", "C000123"):
        yield Question(f"shop search {word}", f"/search?q={word}", is_staff=False)
        yield Question(f"shop suggestions {word}", f"/search/suggest?q={word}", is_staff=False)
    yield Question(f"shop search {WORD}, its fifth page", f"/search?q={WORD}&type=product&page=5", is_staff=False)
    for path in ("/crowd-5", "/blog", "/blog/feed.xml", "/robots.txt", "/llms.txt"):
        yield Question(f"shop {path}", path, is_staff=False)
    for path in ("/sitemap.xml", "/sitemap/products-1.xml", "/sitemap/pages-1.xml", "/sitemap/categories-1.xml"):
        yield Question(f"shop {path}", path, is_staff=False)


def _api(server: Server) -> Iterator[Question]:
    """Yield what programs ask that know nobody."""
    products = ["", "page=2", "page=500", "limit=100", f"search={WORD}", f"search={LETTERS[0]}", f"search={NOTHING}"]
    products += ["category=mugs", "tag=quiet-0", "minPrice=1000&maxPrice=2000"]
    products += [f"sort={sort}" for sort in ("name", "-name", "price", "-price", "createdAt", "-createdAt")]
    paths = [f"products?{query}" for query in products]
    paths += [f"search?q={word}" for word in (WORD, LETTERS, LETTERS[0], NOTHING, "kettel")]
    for path in (*paths, "categories", "sitemap", "sitemap?page=1000", "menus/header", "seo"):
        yield Question(f"API /{path}", f"/api/v1/{path}", is_staff=False)
    with server.client() as stranger:
        for product in stranger.get("/products", params={"limit": 1}).json().get("items", ()):
            yield Question("API /products/…", f"/api/v1/products/{product['slug']}", is_staff=False)
