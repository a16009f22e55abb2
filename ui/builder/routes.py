"""Every route of the builder."""

from fastapi import APIRouter

from ui.builder import beginning, drawing, page_panel, pages, panel, pasting, publishing

router = APIRouter()
for part in (beginning, pages, drawing, panel, page_panel, pasting, publishing):
    router.routes.extend(part.router.routes)
