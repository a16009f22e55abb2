"""`/admin/comments` and `/admin/reviews`: the queue, one voice, and the acts; bulk and history are every list's."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.speech.standing import Standing
from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.paging import Page
from engine.core.records import history
from ui.admin.lists import address, asked, page_asked
from ui.admin.records.stories import Line, line_of
from ui.admin.voices.desks import COMMENTS, REVIEWS, Desk, Voice
from ui.forms import Errors, errors_of, typed
from ui.page import Flash
from ui.respond import came_from, page, redirect

LIMIT = 25
TABS: tuple[tuple[Standing, Message], ...] = (
    (Standing.PENDING, _("Waits")),
    (Standing.PUBLISHED, _("Published")),
    (Standing.SPAM, _("Spam")),
    (Standing.BINNED, _("Bin")),
)
#: What can be done: (act, label, key, icon, the standings in which it makes sense).
ACTS: tuple[tuple[str, Message, str, str, tuple[Standing, ...]], ...] = (
    ("approve", _("Publish"), "a", "check", (Standing.PENDING, Standing.SPAM, Standing.BINNED)),
    ("hold", _("Take back"), "a", "eye-off", (Standing.PUBLISHED,)),
    ("spam", _("Spam"), "s", "shield", (Standing.PENDING, Standing.PUBLISHED)),
    ("hold", _("Not spam"), "s", "undo-2", (Standing.SPAM,)),
    ("discard", _("Throw away"), "d", "trash-2", (Standing.PENDING, Standing.PUBLISHED, Standing.SPAM)),
)
DONE = {
    "approve": _("Published."),
    "hold": _("It waits for you."),
    "spam": _("It is with the spam, and its words are learnt."),
    "discard": _("It is in the bin for 30 days."),
}
#: What undoes an act, by where the voice stood before.
BACK = {
    Standing.PENDING: "hold",
    Standing.PUBLISHED: "approve",
    Standing.SPAM: "spam",
    Standing.BINNED: "discard",
}
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class QueuePage:
    """A queue. tabs: (label, address, count); here: the one that is shown."""

    desk: Desk
    found: Page[Voice]
    standing: Standing
    tabs: Sequence[tuple[Message, str, int | None]]
    here: str
    search: str
    pages_url: str
    acts: Sequence[tuple[str, Message, str, str]]
    keys: Sequence[tuple[str, Message]]


@dataclass(frozen=True)
class VoicePage:
    """One voice with its answer and its story."""

    desk: Desk
    voice: Voice
    acts: Sequence[tuple[str, Message, str, str]]
    story: Sequence[Line]
    text: str
    errors: Errors


@dataclass(frozen=True)
class Judged:
    """What stands in a voice's place once it is judged. undo: the act that takes it back."""

    desk: Desk
    id: UUID
    said: Message
    undo: str


def acts_for(standing: Standing) -> list[tuple[str, Message, str, str]]:
    """Return what can be done with a voice that stands there."""
    return [(act, label, key, icon) for act, label, key, icon, where in ACTS if standing in where]


def _routes(desk: Desk) -> None:
    allowed = [allow(desk.permission)]

    @router.get(desk.home, dependencies=allowed)
    async def show_queue(request: Request, house: House) -> Response:
        """Answer the queue; `view` is a standing, `search` words."""
        text = asked(request, "view")
        standing = Standing(text) if text in set(Standing) else Standing.PENDING
        found = await house.db.query(_queue, house, desk, standing, request)
        return await page(request, "admin/voices/queue.html", found, title=desk.title, block="queue")

    @router.get(desk.home + "/{voice_id:uuid}", dependencies=allowed)
    async def show_voice(request: Request, voice_id: UUID, house: House, actor: Caller) -> Response:
        """Answer one voice, with a form to answer it; for htmx the form alone."""
        found = await house.db.query(_one, house, desk, actor, voice_id)
        return await page(
            request,
            "admin/voices/show.html",
            found,
            title=_("Answer {name}").having(name=found.voice.name),
            block="reply",
        )

    @router.post(desk.home + "/{voice_id:uuid}/moderation", dependencies=allowed)
    async def moderate(request: Request, voice_id: UUID, house: House, actor: Caller) -> Response:
        """Publish, call spam, take back or throw away."""
        act = (await typed(request)).get("act", "")
        if act not in DONE:
            raise NotFound(_("There is nothing at this address."))
        verbs = desk.acts(house.voices)
        before = await house.db.query(_standing, house, desk, voice_id)
        async with house.db.write() as tx:
            await getattr(verbs, act)(tx, actor, voice_id)
        if request.headers.get("hx-request") == "true":
            context = Judged(desk, voice_id, DONE[act], BACK[before])
            return await page(request, "admin/voices/judged.html", context, title=desk.title, block="judged")
        return redirect(came_from(request, desk.home), flash=Flash(DONE[act]), request=request)

    @router.post(desk.home + "/{voice_id:uuid}/reply", dependencies=allowed)
    async def reply(request: Request, voice_id: UUID, house: House, actor: Caller) -> Response:
        """Answer in public."""
        text = (await typed(request)).get("answer", "")
        verbs = desk.acts(house.voices)
        try:
            async with house.db.write() as tx:
                await getattr(verbs, desk.reply)(tx, actor, voice_id, text)
        except Invalid as refused:
            return await _refused(request, house, desk, actor, voice_id, text, refused)
        said = _("Your answer is published.") if text.strip() else _("Your answer is taken away.")
        return redirect(came_from(request, desk.home), flash=said, request=request)


def _queue(connection: Connection, house: Ports, desk: Desk, standing: Standing, request: Request) -> QueuePage:
    search = asked(request, "search")
    found = desk.queued(connection, house, standing, search, page_asked(request, LIMIT))
    counts = desk.reads.QUEUE.standings(connection)
    kept = {"view": standing.value if standing is not Standing.PENDING else "", "search": search}
    first = address(desk.home, kept)
    tabs: list[tuple[Message, str, int | None]] = [
        (label, address(desk.home, {"view": one.value if one is not Standing.PENDING else ""}), counts.get(one) or None)
        for one, label in TABS
    ]
    acts = acts_for(standing)
    keys = [(key.upper(), label) for _act, label, key, _icon in acts]
    return QueuePage(
        desk=desk,
        found=found,
        standing=standing,
        tabs=tabs,
        here=address(desk.home, {"view": kept["view"]}),
        search=search,
        pages_url=f"{first}{'&' if '?' in first else '?'}page={{page}}",
        acts=acts,
        keys=[("J", _("next")), ("K", _("before")), *keys, ("R", desk.reply_label), ("X", _("select"))],
    )


def _one(connection: Connection, house: Ports, desk: Desk, actor: Caller, voice_id: UUID) -> VoicePage:
    row = desk.row(connection, voice_id)
    if row is None:
        raise NotFound(_("There is no such entry. It may have been deleted."))
    (voice,) = desk.shown(connection, house, [row])
    lines = history.of(connection, actor, house.resources[desk.path], voice_id)[:5]
    story = [line_of(house.resources[desk.path], line) for line in lines]
    return VoicePage(desk, voice, acts_for(voice.standing), story, voice.answer, {})


def _standing(connection: Connection, _house: Ports, desk: Desk, voice_id: UUID) -> Standing:
    row = desk.row(connection, voice_id)
    if row is None:
        raise NotFound(_("There is no such entry. It may have been deleted."))
    return Standing(row.status)


async def _refused(
    request: Request, house: Ports, desk: Desk, actor: Caller, voice_id: UUID, text: str, refused: AgoraError
) -> Response:
    found = await house.db.query(_one, house, desk, actor, voice_id)
    errors = errors_of(refused)
    shown = VoicePage(desk, found.voice, found.acts, found.story, text, {"answer": next(iter(errors.values()))})
    status = status_of(refused)[0]
    return await page(request, "admin/voices/show.html", shown, title=found.voice.name, block="reply", status=status)


for _desk in (COMMENTS, REVIEWS):
    _routes(_desk)
