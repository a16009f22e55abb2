"""Pages that people build, as visitors see them: whatever stands at an address that no route of the house has."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.request import actor_of, ports_of
from engine.content.pages import content, queries
from engine.content.pages.content import PageContent
from engine.content.pages.linking import SUBJECT
from engine.content.pages.loading import load
from engine.content.pages.models import PageKind, PageVisibility
from engine.content.pages.queries import Shown
from engine.core.actor import Actor
from engine.core.blocks.tree import walk
from engine.core.errors import NotAllowed, NotSignedIn
from engine.core.html import text_of
from engine.core.i18n import _
from engine.core.site import SurfaceName
from ui.blocks.drawing import Drawing, Linked, outgoing
from ui.blocks.embedding import frames_in
from ui.blocks.outline import outline
from ui.respond import absolute, frame_of, page
from ui.storefront.articles.reading import answer_article
from ui.storefront.comments.section import CommentsSection, section_of
from ui.storefront.held import private
from ui.storefront.locks import is_unlocked, lock_page
from ui.storefront.told import told

DESCRIBED = 160
TEMPLATE = "storefront/page.html"


@dataclass(frozen=True)
class BuiltPage:
    """A page of blocks. has_heading: whether a block of it is the page's heading; else its title is."""

    title: str
    body: Markup
    has_heading: bool
    structured_data: Markup | None = None
    note: str = ""
    comments: CommentsSection | None = None


async def find_page(request: Request) -> Response | None:
    """Answer the page that stands at this address, or None where none does.

    Raises NotSignedIn and NotAllowed for a page that is not for whoever asks.
    """
    if request.method not in ("GET", "HEAD") or request.state.surface is not SurfaceName.STOREFRONT:
        return None
    house, path = ports_of(request), request.url.path
    shown = await house.db.glance(queries.published_at_path, path.rstrip("/") or "/")
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
    if shown.visibility is PageVisibility.ROLES and not {actor.role, *actor.scoped} & set(shown.roles):
        raise NotAllowed(_("“{title}” is not open to you. Ask whoever looks after the site."), title=shown.title)


async def answer_page(
    request: Request,
    house: Ports,
    shown: Shown,
    actor: Actor,
    *,
    is_editing: bool = False,
    template: str = TEMPLATE,
    **more: Any,
) -> Response:
    """Answer a page with this version of it.

    is_editing: with the builder's marks, in its template. more: of the frame, instead of what the page says.
    """
    written = content.stored(shown.version_id, shown.content, house.blocks)
    fields = written.fields
    loaded = await house.db.glance(
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
    is_article = shown.kind is PageKind.ARTICLE and not is_editing
    ranks = {id_: max(rank, 2) for id_, rank in ranks.items()} if is_article else ranks
    drawing = Drawing(house.blocks, loaded, frame, link_in(request), is_editing, ranks)
    every = [*walk(written.blocks), *(node for tree in loaded.inside.values() for node in walk(tree))]
    request.state.frames = frames_in(every)
    image = loaded.pictures.get(fields.social_image or fields.cover)
    if is_article:
        return await answer_article(request, house, shown, written, drawing.tree(written.blocks), image, **more)
    data = await told(request, fields, shown, every) if not is_editing else None
    said = await house.db.query(_comments, house, shown) if fields.comments and not is_editing else None
    built = BuiltPage(fields.title, drawing.tree(written.blocks), 1 in ranks.values(), data, comments=said)
    around = {
        "description": fields.seo_description or fields.excerpt or _first_words(written),
        "canonical_url": address,
        "image_url": absolute(request, image.large) if image else None,
        "indexed": fields.is_indexed,
    }
    title = fields.seo_title or fields.title
    return await page(request, template, built, title=title, made=frame, **{**around, **more})


def _comments(connection: Connection, house: Ports, shown: Shown) -> CommentsSection | None:
    subject = SUBJECT.find(connection, [shown.id]).get(shown.id)
    return section_of(connection, house, subject) if subject and subject.url else None


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
