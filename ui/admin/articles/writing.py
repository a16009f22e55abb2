"""`/admin/articles/new` and `/admin/articles/{id}/write`: the writing mode, and the plain form under it."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Request, Response
from fastapi.responses import JSONResponse
from markupsafe import Markup

from engine.api.ports import Ports
from engine.api.request import Caller, House, WriteTx, allow
from engine.api.routing import APIRouter
from engine.content.articles import writing
from engine.content.pages import content, publishing
from engine.content.pages import writing as pages
from engine.content.pages.loading import load
from engine.content.pages.models import PageKind
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks import tree
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.html import json_for_script
from engine.core.i18n import _
from ui.admin.articles.sheet import Sheet, sheet_of
from ui.admin.articles.typed import content_of, names_in, tags_named
from ui.blocks.drawing import Drawing
from ui.forms import errors_of
from ui.page import Flash
from ui.respond import frame_of, page, redirect
from ui.storefront.pages import link_in

HOME = "/admin/articles"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_ARTICLES)])
MOST_DRAWN = 200


@router.get("/new")
async def show_empty_sheet(request: Request, house: House) -> Response:
    """Answer an empty sheet; nothing is kept of it until something is written."""
    return await _answer(request, await house.db.query(sheet_of, house, None))


@router.post("")
async def begin_article(request: Request, house: House, actor: Caller) -> Response:
    """Begin an article with what the plain form of an empty sheet holds."""
    form = await request.form()
    try:
        async with house.db.write() as tx:
            tags = await tags_named(tx, actor, names_in(form))
            raw = content_of(form, {}, tags)
            written = content.read(raw, house.blocks, actor=actor)
            made = await writing.begin(tx, actor, title=raw["title"] or str(_("Untitled")), written=written)
    except Invalid as refused:
        sheet = await house.db.query(sheet_of, house, None)
        return await _answer(request, replace(sheet, errors=errors_of(refused)), status=422)
    return redirect(f"{HOME}/{made.id}/write", flash=_("Saved as a draft."), request=request)


@router.post("/begin")
async def begin_by_script(
    house: House, actor: Caller, tx: WriteTx, sent: Annotated[dict[str, Any], Body()]
) -> JSONResponse:
    """Begin an article with the first words that were typed; answer its id, its draft's number and address."""
    raw = sent.get("content")
    written = content.read(raw, house.blocks, actor=actor)
    made = await writing.begin(tx, actor, title=written.title or str(_("Untitled")), written=written)
    draft, by = await pages.draft_of(tx, made), await writing.author_of(tx, actor)
    author = {"id": str(by.id), "name": by.name} if by else None
    told = {"id": str(made.id), "edit": made.edit, "url": made.path, "author": author, "content": draft.content}
    return JSONResponse(told)


@router.post("/tags")
async def name_tag(actor: Caller, tx: WriteTx, sent: Annotated[dict[str, Any], Body()]) -> JSONResponse:
    """Return the ids of tags by their names; those that are new are added."""
    names = [str(name) for name in sent.get("names") or ()][:100]
    return JSONResponse({"ids": await tags_named(tx, actor, names)})


@router.get("/{page_id:uuid}/write")
async def show_sheet(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer an article to be written on."""
    sheet = await house.db.query(sheet_of, house, page_id)
    if sheet is not None:
        nodes = tree.read([one for one in sheet.values.get("blocks", ()) if one.get("type") != "text"], house.blocks)
        shown = json_for_script(await drawn(request, house, actor, nodes[:MOST_DRAWN]))
        sheet = replace(sheet, drawn=Markup(shown))  # noqa: S704 - json_for_script made it safe
    return await _answer(request, sheet)


@router.post("/{page_id:uuid}/write")
async def save_sheet(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save, or publish, what the plain form holds. What somebody else saved meanwhile is never overwritten."""
    form = await request.form()
    try:
        async with house.db.write() as tx:
            article = await pages.locked(tx, actor, page_id)
            draft = await pages.draft_of(tx, article)
            raw = content_of(form, draft.content, await tags_named(tx, actor, names_in(form)))
            edit = str(form.get("edit", ""))
            await pages.save(tx, actor, house.blocks, page_id, int(edit) if edit.isdigit() else -1, raw)
            slug = str(form.get("slug", "")).strip()
            if slug and slug != article.slug:
                await pages.change(tx, actor, page_id, {"slug": slug})
            if form.get("act") == "publish":
                await publishing.publish(tx, actor, page_id)
    except (Invalid, Conflict) as refused:
        sheet = await house.db.query(sheet_of, house, page_id, form)
        status = 409 if isinstance(refused, pages.Overtaken) else 422
        return await _answer(request, replace(sheet, errors=errors_of(refused)), status=status)
    said = _("Published.") if form.get("act") == "publish" else _("Saved.")
    return redirect(f"{HOME}/{page_id}/write", flash=Flash(said), request=request)


@router.post("/{page_id:uuid}/address")
async def move_article(
    page_id: UUID, tx: WriteTx, actor: Caller, sent: Annotated[dict[str, Any], Body()]
) -> JSONResponse:
    """Give an article another address; the old one leads on."""
    article = await pages.change(tx, actor, page_id, {"slug": str(sent.get("slug", ""))})
    return JSONResponse({"slug": article.slug, "url": article.path})


@router.post("/drawings")
async def draw_blocks(
    request: Request, house: House, actor: Caller, sent: Annotated[dict[str, Any], Body()]
) -> JSONResponse:
    """Return blocks as visitors see them, by their ids. Raises Invalid for one that cannot be."""
    nodes = tree.read((sent.get("blocks") or [])[:MOST_DRAWN], house.blocks, actor=actor)
    return JSONResponse({"drawn": await drawn(request, house, actor, nodes)})


async def drawn(request: Request, house: Ports, actor: Actor, nodes: tree.Tree) -> dict[str, str]:
    """Return each block's HTML by its id."""
    loaded = await house.db.query(load, nodes, house.blocks, house.moment(actor), with_hidden=True)
    drawing = Drawing(house.blocks, loaded, await frame_of(request, ""), link_in(request), is_editing=True)
    return {node.id: str(drawing.block(node)) for node in nodes}


async def _answer(request: Request, sheet: Sheet | None, status: int = 200) -> Response:
    if sheet is None or sheet.kind is not PageKind.ARTICLE:
        raise NotFound(_("There is no such article. It may have been deleted."))
    title = _("Writing “{title}”").having(title=sheet.title) if sheet.id else _("New article")
    return await page(request, "admin/articles/write.html", sheet, title=title, status=status)
