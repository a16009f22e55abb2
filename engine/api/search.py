"""`/search`: one question over everything that can be found."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from engine.api.request import Caller, House, public
from engine.api.wire import Paging, Wire
from engine.core.ports import SearchRequest

MAX_QUESTION = 200
router = APIRouter(prefix="/search", tags=["search"])


class SearchHitWire(Wire):
    """One thing that was found; `snippet` is plain text, a higher `score` fits better."""

    type: str
    id: UUID
    title: str
    url: str
    snippet: str
    score: float


class SearchPage(Wire):
    """One page of what was found; `facets.type` counts it by type, over all types."""

    items: list[SearchHitWire]
    facets: dict[str, dict[str, int]]
    total: int
    page: int
    limit: int


@router.get("", dependencies=[public])
async def search(
    house: House,
    actor: Caller,
    paging: Paging,
    q: Annotated[str, Query(max_length=MAX_QUESTION)] = "",
    type: Annotated[str, Query(max_length=40)] = "",  # noqa: A002 - the wire's word
) -> SearchPage:
    """Find what holds every word; staff also find what is not public."""
    request = SearchRequest(q, (type,) if type else (), paging.offset, paging.limit, include_staff=actor.is_staff)
    found = await house.search.search(request)
    items = [SearchHitWire.model_validate(hit) for hit in found.hits]
    return SearchPage(
        items=items, facets={"type": dict(found.types)}, total=found.total, page=paging.page, limit=paging.limit
    )
