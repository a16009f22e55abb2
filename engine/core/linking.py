"""Links that people make: one text that is an address, or names a thing that may move.

A link is kept as a *reference*, a plain string that goes into a JSON or text column:

- `agora:page/0192f0c0-…`, `agora:product/…`: a thing of the house by kind and id, with `#place` after it where a part
  of the page is meant. It follows the thing when its address changes, and leads nowhere while the thing is not public.
- an address: `https://…`, `http://…`, `mailto:…`, `tel:…`, `/path`, `?query` or `#place`. Nothing else is taken.

Domains offer the kinds of things that can be linked to (`Domain.link_targets`) and the addresses that search engines
should know (`Domain.addresses`); `Ports.links` joins them. Menus, the page builder's link field, link checks and
importers all ask `Links`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import Connection

from engine.core.errors import Invalid
from engine.core.facts import Fact
from engine.core.html import SAFE_SCHEMES
from engine.core.i18n import Message, _
from engine.core.ids import parse_id

SCHEME = "agora"
MAX_LINK = 2_000
MAX_FOUND = 8
_reference = re.compile(r"^agora:([a-z][a-z-]{0,39})/([0-9a-f-]{36})(#[^\s#]{1,200})?$")
_scheme = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*):")
_digits = re.compile(r"^\+?[0-9().\-\s/]{2,40}(;ext=[0-9]{1,8})?$")


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """Where a link leads now. url: a path of this site. is_public: whether a stranger finds the thing there.

    note: what tells it from others of its name, such as the way down to it, or its state.
    """

    reference: str
    title: Message | str
    url: str
    is_public: bool = True
    note: Message | str = ""


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A kind of thing that links can lead to, as its domain offers it.

    kind: the word in references; label: one of them, plural: several; icon: of `ui/icons.json`.
    find: (connection, words, how many) -> places whose names fit best, those that are not public too; without words the
    latest or the first ones. places: (connection, ids) -> places by id, without those that are gone. at: (connection,
    path) -> the place at a path of this site, or None. on: facts after which places may be others. rank: where it
    stands among the kinds when somebody searches, the lowest first. fixed: places that
    are always there, whose addresses are their references.
    """

    kind: str
    label: Message
    plural: Message
    icon: str
    find: Callable[[Connection, str, int], Sequence[LinkPlace]]
    places: Callable[[Connection, Sequence[UUID]], Mapping[UUID, LinkPlace]]
    at: Callable[[Connection, str], LinkPlace | None]
    on: tuple[type[Fact], ...] = ()
    rank: int = 5
    fixed: tuple[LinkPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """An address that search engines should know. All are paths of this site.

    images: pictures shown there; alternates: the same in other languages, by language code, its own among them.
    """

    path: str
    changed_at: datetime | None = None
    images: Sequence[str] = ()
    alternates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The public addresses of one kind of thing: a part of the sitemap, named by `key` (`products`).

    count: (connection) -> how many. part: (connection, offset, limit) -> these, streamed, in a lasting order. titled:
    (connection, limit) -> (title, path, one line about it) of what a reader should know first, for `llms.txt`.
    """

    key: str
    label: Message
    count: Callable[[Connection], int]
    part: Callable[[Connection, int, int], Iterator[Address]]
    titled: Callable[[Connection, int], Sequence[tuple[str, str, str]]]


class Links:
    """Every kind of link target of the house. Empty until `join` is called, once, while the house is wired."""

    def __init__(self, kinds: Iterable[LinkKind] = ()) -> None:
        self.kinds: dict[str, LinkKind] = {}
        self.fixed: dict[str, tuple[LinkKind, LinkPlace]] = {}
        self.join(kinds)

    def join(self, kinds: Iterable[LinkKind]) -> None:
        """Add the domains' kinds. Raises ValueError where two have one word."""
        for kind in kinds:
            if kind.kind in self.kinds:
                raise ValueError(f"two kinds of link targets are called {kind.kind}")
            self.kinds[kind.kind] = kind
            self.fixed |= {place.url: (kind, place) for place in kind.fixed}

    def places(self, connection: Connection, references: Iterable[str]) -> dict[str, LinkPlace]:
        """Return where references lead, by reference: one query a kind, whatever their number.

        Addresses lead where they say and are public. Left out: what is gone, and what is no link at all.
        """
        found: dict[str, LinkPlace] = {}
        wanted: dict[str, dict[UUID, list[tuple[str, str]]]] = {}
        for reference in dict.fromkeys(references):
            named = split_reference(reference)
            if named is None:
                if reference in self.fixed:
                    found[reference] = self.fixed[reference][1]
                elif is_address(reference):
                    found[reference] = LinkPlace(reference, reference, reference)
                continue
            kind, id_, place = named
            wanted.setdefault(kind, {}).setdefault(id_, []).append((reference, place))
        for kind, by_id in wanted.items():
            if kind not in self.kinds:
                continue
            for id_, at in self.kinds[kind].places(connection, list(by_id)).items():
                for reference, place in by_id.get(id_, ()):
                    found[reference] = LinkPlace(reference, at.title, at.url + place, at.is_public, at.note)
        return found

    def url(self, connection: Connection, reference: str) -> str | None:
        """Return the address that a link leads to for a stranger; None where it leads nowhere."""
        place = self.places(connection, [reference]).get(reference)
        return place.url if place is not None and place.is_public else None

    def find(self, connection: Connection, words: str, kinds: Sequence[str] = ()) -> list[tuple[LinkKind, LinkPlace]]:
        """Return places whose names fit, kind by kind, at most eight each. kinds: none means all."""
        asked = sorted((one for one in self.kinds.values() if not kinds or one.kind in kinds), key=lambda one: one.rank)
        return [(kind, place) for kind in asked for place in kind.find(connection, words.strip(), MAX_FOUND)]

    def at(self, connection: Connection, path: str) -> LinkPlace | None:
        """Return the thing that stands at a path of this site, so that a link can name it instead of its address."""
        bare = unquote(urlsplit(path).path) if path.startswith("/") else ""
        bare = bare.rstrip("/") or bare
        found = (kind.at(connection, bare) for kind in self.kinds.values() if bare)
        return next((place for place in found if place is not None), None)


def fixed_places(kind: str, label: Message, icon: str, places: Sequence[tuple[Message, str]]) -> LinkKind:
    """Return a kind of places that are always there, such as all products: their addresses are their references.

    places: (title, path).
    """
    made = tuple(LinkPlace(path, title, path) for title, path in places)

    def find(_connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
        return [place for place in made if words.casefold() in str(place.title).casefold()][:limit]

    def at(_connection: Connection, path: str) -> LinkPlace | None:
        return next((place for place in made if place.url == path), None)

    return LinkKind(kind, label, label, icon, find, lambda _connection, _ids: {}, at, rank=4, fixed=made)


def reference_to(kind: str, id_: UUID) -> str:
    """Return the reference of a thing: `agora:product/0192…`."""
    return f"{SCHEME}:{kind}/{id_}"


def split_reference(reference: str) -> tuple[str, UUID, str] | None:
    """Return (kind, id, `#place` or nothing) of a reference to a thing; None for an address."""
    found = _reference.match(reference)
    id_ = parse_id(found[2]) if found else None
    return (found[1], id_, found[3] or "") if found and id_ else None


def is_address(text: str) -> bool:
    """Return whether a text is an address that a link may have: http, https, mailto, tel, or of this site."""
    if not text or len(text) > MAX_LINK or not text.isprintable() or any(c.isspace() or c in '\\<>"`' for c in text):
        return False
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:  # half an IPv6 address, or a port that is no number
        return False
    if text.startswith(("/", "#", "?")):
        return not text.startswith("//")
    named = _scheme.match(text)
    scheme = named[1].lower() if named else ""
    if scheme not in SAFE_SCHEMES:
        return False
    if scheme in ("http", "https"):
        return bool(parts.hostname) and text[len(scheme) : len(scheme) + 3] == "://"
    rest = text[len(scheme) + 1 :]
    return bool(_digits.match(unquote(rest))) if scheme == "tel" else "@" in rest


def checked_link(text: str, name: str = "target") -> str:
    """Return a link as it is kept: a reference, or an address that may be linked to; an empty text stays empty.

    An address that lacks its beginning gets it: `example.org/x` https://, `name@example.org` mailto:.
    name: the field's wire name, for the error. Raises Invalid.
    """
    link = text.strip()
    if not link or split_reference(link) or is_address(link):
        return link
    if "@" in link and "/" not in link and is_address(f"mailto:{link}"):
        return f"mailto:{link}"
    host = link.split("/", 1)[0].split("?", 1)[0]
    if "." in host and not host.startswith(".") and ":" not in host and is_address(f"https://{link}"):
        return f"https://{link}"
    message = _("“{link}” is no address that a link can lead to. Begin it with https://, mailto:, tel:, / or #.")
    message = message.having(link=link[:100])
    raise Invalid(message, {name: message})
