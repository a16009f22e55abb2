"""Pages that people build, as visitors see them: whatever stands at an address that no route of the house has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup

from engine.api.ports import Ports
from engine.api.request import actor_of, ports_of
from engine.content.pages import content, queries
from engine.content.pages.content import PageContent, PageFields
from engine.content.pages.loading import load
from engine.content.pages.models import PageKind, PageVisibility
from engine.content.pages.queries import Shown
from engine.core.actor import Actor
from engine.core.blocks.tree import Node, walk
from engine.core.errors import NotAllowed, NotSignedIn
from engine.core.html import text_of
from engine.core.i18n import _
from engine.core.site import SurfaceName
from ui.blocks.drawing import Drawing, Linked, outgoing
from ui.blocks.embedding import frames_in
from ui.blocks.outline import outline
from ui.page import PageContext
from ui.respond import absolute, frame_of, page
from ui.storefront.held import private
from ui.storefront.locks import is_unlocked, lock_page
from ui.storefront.structured import json_ld, page_data, questions_data, questions_in, trail_data
from ui.templates import render

DESCRIBED = 160
TEMPLATE = "storefront/page.html"


@dataclass(frozen=True)
class BuiltPage:
    """A page of blocks. has_heading: whether a block of it is the page's heading; else its title is."""

    title: str
    body: Markup
    has_heading: bool
    is_article: bool = False
    structured_data: Markup | None = None
    note: str = ""


async def find_page(request: Request) -> Response | None:
    """Answer the page that stands at this address, or None where none does.

    Raises NotSignedIn and NotAllowed for a page that is not for whoever asks.
    """
    if request.method not in ("GET", "HEAD") or request.state.surface is not SurfaceName.STOREFRONT:
        return None
    house, path = ports_of(request), request.url.path
    shown = await house.db.query(queries.published_at_path, path.rstrip("/") or "/")
    if shown is None:
        return None
    actor = Actor.stranger()
    if shown.visibility is not PageVisibility.PUBLIC:
        actor = await actor_of(request)
        if shown.visibility is PageVisibility.PASSWORD and not actor.is_staff:
            if not is_unlocked(request, house, shown):
                return await lock_page(request, shown)
        else:
            _check(shown, actor)
    answer = await answer_page(request, house, shown, actor)
    return answer if shown.visibility is PageVisibility.PUBLIC else private(answer)


def _check(shown: Shown, actor: Actor) -> None:
    """Raise NotSignedIn or NotAllowed where the page is not open to the actor. Staff may see every page."""
    if actor.is_staff:
        return
    if not actor.is_signed_in:
        raise NotSignedIn(_("“{title}” is for people who are signed in."), title=shown.title)
    if shown.visibility is PageVisibility.ROLES and actor.role not in shown.roles:
        raise NotAllowed(_("“{title}” is not open to you. Ask whoever looks after the site."), title=shown.title)


async def answer_part(request: Request, kind: PageKind, status: int) -> Response | None:
    """Answer a page that people built for when something is not there; None where they built none."""
    house = ports_of(request)
    part = await house.parts.part(kind, house.blocks, house.moment(Actor.stranger()))
    if part is None or getattr(request.state, "surface", None) is not SurfaceName.STOREFRONT:
        return None
    title = part.written.title
    frame = await frame_of(request, title)
    ranks = outline(part.written.blocks, house.blocks, part.loaded.inside)
    drawing = Drawing(house.blocks, part.loaded, frame, link_in(request), ranks=ranks)
    built = BuiltPage(title, drawing.tree(part.written.blocks), 1 in ranks.values())
    return await page(request, TEMPLATE, built, title=title, made=frame, status=status, indexed=False)


def drawn_failure(house: Ports, page: PageContext, detail: str) -> str | None:
    """Return the page that people built for when something went wrong, as it was read last; None where they built none.

    Nothing is asked of the database, for it may be what failed. detail: what is said below it.
    """
    part = house.parts.known(PageKind.SERVER_ERROR)
    if part is None:
        return None
    ranks = outline(part.written.blocks, house.blocks, part.loaded.inside)
    body = Drawing(house.blocks, part.loaded, page, outgoing(""), ranks=ranks).tree(part.written.blocks)
    built = BuiltPage(part.written.title, body, 1 in ranks.values(), note=detail)
    return render(TEMPLATE, built, replace(page, title=part.written.title, surface="storefront"))


async def answer_page(
    request: Request, house: Ports, shown: Shown, actor: Actor, *, is_editing: bool = False, **more: Any
) -> Response:
    """Answer a page with this version of it. more: of the frame, instead of what the page says."""
    written = content.read(shown.content, house.blocks)
    fields = written.fields
    loaded = await house.db.query(
        load,
        written.blocks,
        house.blocks,
        house.moment(actor),
        [fields.social_image, fields.cover],
        with_hidden=is_editing,
    )
    address = fields.canonical or absolute(request, shown.path or "/")
    frame = replace(await frame_of(request, fields.title), canonical_url=address)
    ranks = outline(written.blocks, house.blocks, loaded.inside)
    drawing = Drawing(house.blocks, loaded, frame, link_in(request), is_editing, ranks)
    every = [*walk(written.blocks), *(node for tree in loaded.inside.values() for node in walk(tree))]
    request.state.frames = frames_in(every)
    data = (
        () if is_editing or not house.site.seo.structured_data_enabled else await _told(request, fields, shown, every)
    )
    built = BuiltPage(
        fields.title,
        drawing.tree(written.blocks),
        1 in ranks.values(),
        structured_data=json_ld(*data) if data else None,
    )
    image = loaded.pictures.get(fields.social_image or fields.cover)
    around = {
        "description": fields.seo_description or fields.excerpt or _first_words(written),
        "canonical_url": address,
        "image_url": absolute(request, image.large) if image else None,
        "indexed": fields.is_indexed,
    }
    title = fields.seo_title or fields.title
    return await page(request, TEMPLATE, built, title=title, made=frame, **{**around, **more})


async def _told(request: Request, fields: PageFields, shown: Shown, nodes: Sequence[Node]) -> Sequence[dict[str, Any]]:
    """Return what search engines are told of a page: what it is, the way to it, and the questions it answers."""
    address = absolute(request, shown.path or "/")
    questions = questions_in(nodes)
    found = [page_data(fields, shown, address)] if fields.structured not in ("none", "FAQPage") else []
    found += [questions_data(questions, address)] if questions else []
    house = ports_of(request)
    above = await house.db.query(queries.trail, shown.id) if shown.parent_id else []
    if above:
        home = (house.site.general.site_name, "/")
        found.append(trail_data([home, *above, (shown.title, shown.path or "/")], lambda path: absolute(request, path)))
    return found


def _first_words(written: PageContent) -> str:
    """Return the first words of a page: what stands in its first text."""
    for node in walk(written.blocks):
        text = str(node.raw.get("text", "")) if node.type == "text" and not node.is_hidden else ""
        if words := text_of(text, DESCRIBED):
            return words
    return ""


def link_in(request: Request) -> Callable[[str], Linked | None]:
    """Return what finds where a setting leads, from the host that is asked."""
    return outgoing(request.headers.get("host", ""))
