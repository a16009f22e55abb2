"""The outbox: all messages, one of them, and what it says in a frame of its own."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.domain import Domain
from engine.core.i18n import Message, _
from engine.core.paging import Page
from engine.messaging import outbox, queries, rules
from engine.messaging.models import MessageStatus
from engine.messaging.queries import MessageDetail, MessageSummary
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.respond import page, redirect

HOME = "/admin/outbox"
#: A message's HTML comes from templates with its own styles; nothing in it may load, run or submit.
BODY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
VIEWS: tuple[tuple[Message, MessageStatus | None], ...] = (
    (_("All"), None),
    (_("Waiting"), MessageStatus.QUEUED),
    (_("Sent"), MessageStatus.SENT),
    (_("Kept here"), MessageStatus.KEPT),
    (_("Held"), MessageStatus.HELD),
    (_("Failed"), MessageStatus.FAILED),
)
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_OUTBOX)])


@dataclass(frozen=True)
class Outbox:
    """The list. `titles`: what each template is for."""

    messages: Page[MessageSummary]
    tabs: list[tuple[Message, str, int | None]]
    here: str
    search: str
    status: str
    pages_url: str
    titles: dict[str, Message | str]
    is_local: bool


@dataclass(frozen=True)
class OneMessage:
    """One message and what can be done with it."""

    message: MessageDetail
    title: Message | str
    may_send_again: bool
    is_waiting: bool


def titles_of(domains: tuple[Domain, ...]) -> dict[str, Message | str]:
    """Return what every template is for, by its key."""
    return {template.key: template.title for domain in domains for template in domain.email_templates}


@router.get("")
async def show_outbox(request: Request, house: House, actor: Caller) -> Response:
    """Answer the list of messages."""
    status = next((s for _label, s in VIEWS if s and s == asked(request, "status")), None)
    search = asked(request, "q")
    found = await house.db.query(queries.messages, actor, page_asked(request), search=search, status=status)
    counts = await house.db.query(queries.counts)
    kept = {"status": status or "", "q": search}
    context = Outbox(
        messages=found,
        tabs=[(label, address(HOME, {"status": s or "", "q": search}), counts.get(s or "")) for label, s in VIEWS],
        here=address(HOME, kept),
        search=search,
        status=status or "",
        pages_url=next_pages(HOME, kept),
        titles=titles_of(house.domains),
        is_local=house.site.email.provider == "outbox",
    )
    return await page(request, "admin/outbox/list.html", context, title=_("Outbox"))


@router.get("/{message_id}")
async def show_message(message_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one message; while it waits the page asks again by itself."""
    message = await house.db.query(queries.message, actor, message_id)
    status, leaves = message.summary.status, house.site.email.provider != rules.OUTBOX
    context = OneMessage(
        message=message,
        title=titles_of(house.domains).get(message.summary.template, message.summary.template),
        may_send_again=not message.is_erased
        and (status in (MessageStatus.FAILED, MessageStatus.HELD) or (status is MessageStatus.KEPT and leaves)),
        is_waiting=status is MessageStatus.QUEUED,
    )
    title = message.summary.subject or context.title
    return await page(request, "admin/outbox/show.html", context, title=title, block="message")


@router.get("/{message_id}/body")
async def show_body(message_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer what a message says, alone and unable to do anything: for the frame on its page."""
    message = await house.db.query(queries.message, actor, message_id)
    request.state.framed = True
    return HTMLResponse(message.html, headers={"Content-Security-Policy": BODY_POLICY, "Cache-Control": "no-store"})


@router.post("/{message_id}/sendings")
async def send_again(message_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Send a message that did not leave once more."""
    async with house.db.write() as tx:
        await outbox.send_again(tx, actor, message_id)
    return redirect(f"{HOME}/{message_id}", flash=_("It is on its way again."), request=request)
