"""`/api/docs`: every call of the API on one page, without a script or a file from elsewhere."""

from dataclasses import dataclass

from fastapi import Request, Response

from engine.api.request import public
from engine.api.routing import APIRouter
from engine.core.i18n import _
from ui.docs.reference import Reference, reference_of
from ui.respond import page

router = APIRouter(include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class DocsPage:
    """The reference, and where its source is."""

    reference: Reference
    source_url: str


@router.get("/api/docs")
async def show_docs(request: Request) -> Response:
    """Answer the reference, made on first use and kept."""
    state = request.app.state
    if getattr(state, "api_reference", None) is None:
        state.api_reference = reference_of(request.app.openapi())
    context = DocsPage(state.api_reference, "/api/openapi.json")
    return await page(
        request, "docs/page.html", context, title=_("API reference"), surface="plain", nav=(), footer=(), indexed=False
    )
