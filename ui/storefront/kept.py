"""What of an address's query decides which page it is, for the page cache: little, so that few pages are kept of one.

What narrows a list, searches or chooses is asked for in too many ways to keep; those pages are drawn each time.
"""

import re

from ui.storefront.asked import SORTS

#: What others append to addresses to see where visitors came from. No page of ours reads it.
FOREIGN = (b"utm_", b"gclid=", b"fbclid=", b"msclkid=", b"mc_cid=", b"mc_eid=", b"dclid=", b"igshid=", b"gad_source=")
MOST_PARTS = 20
_PAGE = re.compile(rb"[1-9]\d{0,2}")
_LISTS = re.compile(r"/products|/categories/.+")
_PAGED = re.compile(r"/blog(/.*)?|/(comments|reviews)/[^/]+/[^/]+")
_SORTS = frozenset(one.encode() for one in SORTS)


def understood(path: str, query: bytes) -> bytes | None:
    """Return the query as far as the page understands it, in one order; None where it asks for more."""
    parts = query.split(b"&", MOST_PARTS)
    wanted: dict[bytes, bytes] = {}
    for part in parts:
        if not part or part.startswith(FOREIGN):
            continue
        name, _equals, value = part.partition(b"=")
        is_list = bool(_LISTS.fullmatch(path))
        is_page = name == b"page" and bool(_PAGE.fullmatch(value)) and (is_list or bool(_PAGED.fullmatch(path)))
        is_sort = name == b"sort" and is_list and value in _SORTS
        if name in wanted or not (is_page or is_sort):
            return None
        wanted[name] = value
    return b"&".join(b"%b=%b" % pair for pair in sorted(wanted.items())) if len(parts) <= MOST_PARTS else None
