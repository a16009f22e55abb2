"""`/comments/{kind}/{id}`: the thread of a thing by itself, and the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.content.comments import public as comments
from engine.content.comments.models import Comment
from engine.content.comments.public import CommentDraft
from engine.content.comments.queries import comment as row_of
from engine.content.speech.standing import Standing
from engine.content.speech.text import html_of
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.subjects import Subject
from ui.forms import Errors, errors_of, typed
from ui.page import Flash
from ui.respond import absolute, page, redirect
from ui.storefront.comments.section import CommentsSection, section_of
from ui.storefront.held import private
from ui.storefront.voicing import guarded, remember, remembered, shown, started

router = APIRouter(include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class ThreadPage:
    """A thread by itself."""

    comments: CommentsSection
    crumbs: Sequence[tuple[str | Message, str]]


@dataclass(frozen=True)
class CommentForm:
    """The form. parent: (id, name) of whose comment it answers; place: the id of the form's element."""

    subject: Subject
    crumbs: Sequence[tuple[str | Message, str]]
    action: str
    values: Mapping[str, str]
    errors: Errors
    started: str
    is_guest: bool
    parent: tuple[UUID, str] | None
    place: str


@dataclass(frozen=True)
class Sent:
    """What stands in the form's place once a comment is sent. edit_url: where its author can change it for a while."""

    subject: Subject
    crumbs: Sequence[tuple[str | Message, str]]
    is_published: bool
    html: str
    edit_url: str | None


@router.get("/comments/{kind}/{subject_id:uuid}")
async def show_thread(request: Request, kind: str, subject_id: UUID, house: House) -> Response:
    """Answer one page of a thread; search engines find it on the thing's own page."""
    number = request.query_params.get("page", "")
    wanted = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    found = await house.db.query(_thread, house, kind, subject_id, wanted)
    title = _("Comments on {title}").having(title=found.comments.subject.title)
    return await page(
        request,
        "storefront/comments/thread.html",
        found,
        title=title,
        indexed=False,
        canonical_url=absolute(request, found.comments.subject.url),
    )


def _thread(connection: Connection, house: Ports, kind: str, subject_id: UUID, number: int) -> ThreadPage:
    subject = shown(house.voices.find(connection, kind, [subject_id]).get(subject_id))
    found = section_of(connection, house, subject, number)
    if found is None:
        raise NotFound(_("There are no comments here."))
    return ThreadPage(found, [(subject.title, subject.url)])


@router.get("/comments/{kind}/{subject_id:uuid}/write")
async def show_form(request: Request, kind: str, subject_id: UUID, house: House, actor: Caller) -> Response:
    """Answer the form; `parent` is the comment that it answers."""
    asked = parse_id(request.query_params.get("parent", ""))
    form = await house.db.query(_form, house, actor, kind, subject_id, asked)
    if not comments.is_open(form.subject, house.site, house.clock.now()):
        raise Conflict(_("“{title}” takes no comments any more."), title=form.subject.title)
    if house.site.blog.comments_members_only and not actor.is_signed_in:
        raise NotSignedIn(_("Sign in to comment: only members can here."))
    name, email = remembered(request)
    values = {"name": name, "email": email, "remember": "true" if name else ""}
    return await _page(request, replace(form, values=values))


def _form(
    connection: Connection, house: Ports, actor: Actor, kind: str, subject_id: UUID, parent_id: UUID | None
) -> CommentForm:
    subject = shown(house.voices.find(connection, kind, [subject_id]).get(subject_id))
    parent = row_of(connection, parent_id) if parent_id else None
    is_here = parent is not None and (parent.kind, parent.subject_id) == (kind, subject_id)
    answered = (parent.id, parent.name) if is_here and parent.status == Standing.PUBLISHED else None
    return CommentForm(
        subject=subject,
        crumbs=[(subject.title, subject.url)],
        action=f"/comments/{kind}/{subject_id}/write",
        values={},
        errors={},
        started=started(house, _form_name(kind, subject_id)),
        is_guest=not actor.is_signed_in,
        parent=answered,
        place=f"write-{answered[0]}" if answered else "write",
    )


def _form_name(kind: str, subject_id: UUID) -> str:
    return f"comment:{kind}:{subject_id}"


@router.post("/comments/{kind}/{subject_id:uuid}/write")
async def write_comment(request: Request, kind: str, subject_id: UUID, house: House, actor: Caller) -> Response:
    """Take a comment."""
    told = await typed(request)
    parent_id = parse_id(told.get("parent", ""))
    draft = CommentDraft(
        text=told.get("text", ""),
        name=told.get("name", ""),
        email=told.get("email", ""),
        parent_id=parent_id,
        wants_replies=bool(told.get("wantsReplies")),
        guarded=guarded(told, _form_name(kind, subject_id)),
    )
    try:
        async with house.db.write() as tx:
            made = await comments.write(tx, actor, house.voices, kind, subject_id, draft)
            subject = await house.voices.subject(tx, kind, subject_id)
    except (Invalid, Conflict, NotAllowed) as refused:
        form = await house.db.query(_form, house, actor, kind, subject_id, parent_id)
        return await _page(request, replace(form, values=told, errors=errors_of(refused)), refused)
    answer = await sent(request, subject, made, actor)
    if not actor.is_signed_in:
        remember(answer, told)
    return private(answer)


async def sent(request: Request, subject: Subject, made: Comment, actor: Actor) -> Response:
    is_published = made.status is Standing.PUBLISHED
    edit_url = f"/comments/edit/{made.id}" if actor.is_signed_in else None
    if request.headers.get("hx-request") == "true":
        context = Sent(subject, [(subject.title, subject.url)], is_published, html_of(made.text), edit_url)
        return await page(request, "storefront/comments/sent.html", context, title=_("Thank you"), block="sent")
    thanks = _("Thank you. Your comment is published.")
    waits = Flash(_("Thank you. Your comment appears as soon as somebody has looked at it."), "info")
    place = f"#comment-{made.id}" if is_published else "#comments"
    return redirect(subject.url + place, flash=thanks if is_published else waits, request=request)


async def _page(request: Request, form: CommentForm, refused: AgoraError | None = None) -> Response:
    status = status_of(refused)[0] if refused is not None else 200
    title = _("Comment on {title}").having(title=form.subject.title)
    answer = await page(
        request, "storefront/comments/write.html", form, title=title, status=status, block="form", indexed=False
    )
    return private(answer)
