"""The sitemap as XML: an index of parts, none longer than the protocol allows, with pictures and other languages.

Source: sitemaps.org/protocol; developers.google.com/search/docs/crawling-indexing/sitemaps (images, hreflang).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from xml.sax.saxutils import escape

from sqlalchemy import Connection

from engine.core.linking import Address, Addresses

#: The protocol allows 50,000; a part of so many is written in the time of a page.
MOST_IN_PART = 2_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
_QUOTES = {'"': "&quot;", "'": "&apos;"}
_escaped = re.compile(r"[&<>\"']")
#: A path of this site as the world writes it.
Absolute = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the sitemap: the number-th MOST_IN_PART addresses of one kind, counted from 1."""

    key: str
    number: int

    @property
    def path(self) -> str:
        return f"/sitemap/{self.key}-{self.number}.xml"


def parts(connection: Connection, offered: Sequence[Addresses]) -> list[Part]:
    """Return every part that has something in it."""
    found = []
    for addresses in offered:
        full = -(-addresses.count(connection) // MOST_IN_PART)
        found += [Part(addresses.key, number) for number in range(1, full + 1)]
    return found


def index_xml(found: Sequence[Part], absolute: Absolute) -> str:
    """Return the index of these parts."""
    lines = "".join(f"<sitemap><loc>{_text(absolute(part.path))}</loc></sitemap>\n" for part in found)
    return f'{_HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</sitemapindex>\n'


def part_xml(connection: Connection, addresses: Addresses, number: int, absolute: Absolute) -> Iterator[str]:
    """Yield one part as XML, an address at a time."""
    yield f"{_HEAD}<urlset {_NAMES}>\n"
    for address in islice(addresses.part(connection, (number - 1) * MOST_IN_PART, MOST_IN_PART), MOST_IN_PART):
        yield _url(address, absolute)
    yield "</urlset>\n"


def _url(address: Address, absolute: Absolute) -> str:
    changed = f"<lastmod>{address.changed_at.isoformat(timespec='seconds')}</lastmod>" if address.changed_at else ""
    languages = "".join(
        f'<xhtml:link rel="alternate" hreflang="{_text(language)}" href="{_text(absolute(path))}"/>'
        for language, path in address.alternates.items()
    )
    images = "".join(
        f"<image:image><image:loc>{_text(absolute(one))}</image:loc></image:image>" for one in address.images
    )
    return f"<url><loc>{_text(absolute(address.path))}</loc>{changed}{languages}{images}</url>\n"


def _text(value: str) -> str:
    return escape(value, _QUOTES) if _escaped.search(value) else value
