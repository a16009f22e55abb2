"""Orders found by words: where there are too many to look through, the search index says which hold them."""

from dataclasses import replace

from sqlalchemy import select

from engine.commerce.ordering.models import Order
from engine.commerce.ordering.queries import OrderFilter
from engine.commerce.ordering.search import ORDERS
from engine.core.counting import EXACT, at_most
from engine.core.database import Database
from engine.core.ports import SearchIndex, SearchRequest

#: Of more, the newest are shown; who looks for one order writes another word.
MOST_FOUND = 500


async def narrowed(db: Database, index: SearchIndex, wanted: OrderFilter) -> OrderFilter:
    """Return what is wanted, with the orders that its words were found in, where there are too many to read them all.

    An order's number and address are looked up as they stand in any case, so that the newest are found at once.
    """
    is_own = wanted.user_id is not None  # a person's own are few
    if not wanted.words or is_own or await db.query(at_most, select(Order.id), EXACT) < EXACT:
        return wanted
    asked = SearchRequest(wanted.words, (ORDERS.kind,), 0, MOST_FOUND, include_staff=True, sort="-newest")
    found = await index.search(asked)
    return replace(wanted, found=tuple(hit.id for hit in found.hits))
