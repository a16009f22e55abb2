"""`/files/{slug}`: a file that is not for everybody: what it needs, and for who may, a link that runs out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import Connection

from engine.api.handing import elsewhere
from engine.api.media_files import SEALED, asked_range, disposition
from engine.api.ports import Ports
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.content.files import files, links, queries
from engine.content.files.links import Holder
from engine.content.files.queries import Decision, FileView, Need
from engine.content.forms import queries as forms
from engine.content.forms import tickets
from engine.content.forms.queries import FormView
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from ui.respond import page, redirect
from ui.storefront.forms_shown import FormShown, Reader, first_values, form_shown
from ui.storefront.guessing import country_of_reader
from ui.storefront.held import private

router = APIRouter(prefix="/files", include_in_schema=False, dependencies=[public])
_NEEDED: Mapping[Need, Message] = {
    Need.ACCOUNT: _("This file is for people with an account. Sign in to have it."),
    Need.ROLE: _("This file is not open to your account. Ask whoever looks after the site."),
    Need.PURCHASE: _("This file is for who bought “{product}”. Sign in with the account that you bought it with."),
    Need.FORM: _("Fill this in, and the file is yours."),
    Need.PAYMENT: _(
        "We have what you sent. The file is yours as soon as your payment is here: open this page again then."
    ),
    Need.CLOSED: _("This file is not open now. Come back later."),
}


@dataclass(frozen=True)
class GatedPage:
    """The page of a file. link: opens it, for who may; else needed: what is missing, and the way there."""

    file: FileView
    link: str
    minutes: int
    needed: Message | None
    sign_in: str
    product_url: str
    form: FormShown | None


@router.get("/{slug}")
async def show_file(slug: str, request: Request, house: House, actor: Caller) -> Response:
    """Answer the page of a file."""
    entry = request.query_params.get("fill", "")[:200]
    found, decision, form = await house.db.query(_decided, house, actor, slug, entry)
    here = f"/files/{found.slug}"
    may = decision.need is Need.NOTHING
    minutes = house.site.media.link_minutes
    needed = None if may else _NEEDED[decision.need]
    context = GatedPage(
        file=found,
        link=_link(house, found, decision.holder, minutes) if may else "",
        minutes=minutes,
        needed=needed.having(product=decision.product.title) if needed and decision.product else needed,
        sign_in=""
        if actor.is_signed_in or decision.need not in _ASKS_ACCOUNT
        else f"/account/sign-in?next={quote(here)}",
        product_url=decision.product.url if decision.product else "",
        form=_form(request, house, found, form) if form else None,
    )
    answer = await page(request, "storefront/files.html", context, title=found.title, indexed=may)
    return private(answer)


_ASKS_ACCOUNT = (Need.ACCOUNT, Need.PURCHASE)


def _decided(
    connection: Connection, house: Ports, actor: Actor, slug: str, entry: str
) -> tuple[FileView, Decision, FormView | None]:
    found = queries.file(connection, slug)
    if not found.is_here:
        raise files.missing(slug)
    proven = links.filled(house.secrets, found.id, entry, house.clock.now()) if entry else None
    decision = queries.decide(connection, house.voices, actor, found, proven)
    return found, decision, forms.form(connection, decision.form) if decision.form else None


def _link(house: Ports, found: FileView, holder: Holder, minutes: int) -> str:
    until = house.clock.now() + timedelta(minutes=minutes)
    query = links.link(house.secrets, found.id, found.version, holder, until)
    return f"/files/{found.slug}/download?{query}"


def _form(request: Request, house: Ports, found: FileView, form: FormView) -> FormShown:
    reader = Reader(
        house.site.general.language, country_of_reader(request.headers.get("accept-language", ""), house.site)
    )
    ticket = tickets.issue(house.secrets, form.id, house.clock.now())
    return form_shown(form, reader, first_values(form, {}), ticket=ticket, for_file=found.slug)


@router.get("/{slug}/download")
async def download(slug: str, request: Request, house: House) -> Response:
    """Answer the bytes, whole or in part, to who holds a link that is not over; else lead to the file's page."""
    found = await house.db.query(queries.file, slug)
    if not found.is_here:
        raise files.missing(slug)
    asked = request.query_params
    sent = (asked.get("until", ""), asked.get("for", ""), asked.get("key", ""))
    if not links.opens(house.secrets, found.id, found.version, sent, house.clock.now()):
        return redirect(
            f"/files/{found.slug}", flash=_("This link is over. Here is another, if it is yours."), request=request
        )
    part = asked_range(request.headers.get("range", ""), found.size_bytes)
    if part is None or part[0] == 0:
        async with house.db.write() as tx:
            await files.used(tx, found.id, sent[2], Holder.read(sent[1]))
    headers = {"Content-Security-Policy": SEALED, "Content-Disposition": disposition(found.filename, is_shown=False)}
    return await handed_over(house, request, found, headers)


async def handed_over(house: Ports, request: Request, found: FileView, headers: Mapping[str, str]) -> Response:
    """Answer a file's bytes, or lead to where the store answers them for some minutes."""
    told = {**headers, "Cache-Control": "private, no-store"}
    there = await elsewhere(house, found.key, found.content_type, told)
    return there or stream(house, request, found, headers)


def stream(house: Ports, request: Request, found: FileView, headers: Mapping[str, str]) -> Response:
    """Answer a file's bytes, or the part of them that is asked for. Source: RFC 9110, section 14."""
    told = {**headers, "Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    part = asked_range(request.headers.get("range", ""), found.size_bytes)
    first, last = part or (0, found.size_bytes - 1)
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{found.size_bytes}"})
    told["Content-Length"] = str(last - first + 1)
    if part:
        told["Content-Range"] = f"bytes {first}-{last}/{found.size_bytes}"
    body = house.blobs.stream(found.key, first, last - first + 1)
    return StreamingResponse(body, 206 if part else 200, media_type=found.content_type, headers=told)


def opened_by(connection: Connection, slug: str, form: FormView) -> FileView | None:
    """Return the file that sending this form opens, or None where it opens none of this name."""
    try:
        found = queries.file(connection, slug)
    except NotFound:
        return None
    return found if found.is_here and found.form_id == form.id else None
