"""The form of a review: by its product's page, or by the link of an invitation; with pictures, without an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection
from starlette.datastructures import UploadFile

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.content.reviews import public as reviews
from engine.content.reviews.models import ReviewInvitation
from engine.content.reviews.public import ReviewDraft
from engine.content.speech.standing import Standing
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid, NotAllowed
from engine.core.i18n import Message, _
from engine.core.subjects import Subject
from engine.media import public as media
from engine.media.public import MediaUrls
from ui.forms import Errors, errors_of, typed
from ui.page import Flash
from ui.respond import page, redirect
from ui.storefront.held import private
from ui.storefront.voicing import guarded, remember, remembered, shown, started

router = APIRouter(include_in_schema=False, dependencies=[public])
_TOO_LARGE = _("“{name}” is too large: a picture has at most {most} MB.")


@dataclass(frozen=True)
class ReviewForm:
    """The form. values: what was typed; is_guest: asks for name and address; photos: those that are there already.

    is_own: changes what this person wrote before.
    """

    subject: Subject
    crumbs: Sequence[tuple[str | Message, str]]
    action: str
    values: Mapping[str, str]
    stars: int
    errors: Errors
    started: str
    is_guest: bool
    is_invited: bool
    is_own: bool
    takes_photos: bool
    most_photos: int
    photos: Sequence[MediaUrls]


@dataclass(frozen=True)
class Way:
    """How somebody came to the form. invitation: by its link, which proves who they are."""

    kind: str
    subject_id: UUID
    action: str
    invitation: ReviewInvitation | None = None

    @property
    def form(self) -> str:
        return f"review:{self.kind}:{self.subject_id}"


@router.get("/reviews/invited/{invitation_id:uuid}/{signature}")
async def show_invited(request: Request, invitation_id: UUID, signature: str, house: House, actor: Caller) -> Response:
    """Answer the form that an invitation opens."""
    return await _show(request, house, actor, await _invited(house, invitation_id, signature))


@router.post("/reviews/invited/{invitation_id:uuid}/{signature}")
async def write_invited(request: Request, invitation_id: UUID, signature: str, house: House, actor: Caller) -> Response:
    """Take the review of somebody who was asked for it."""
    return await _write(request, house, actor, await _invited(house, invitation_id, signature))


@router.get("/reviews/{kind}/{subject_id:uuid}/write")
async def show_form(request: Request, kind: str, subject_id: UUID, house: House, actor: Caller) -> Response:
    """Answer the form, with one's own review in it where there is one."""
    return await _show(request, house, actor, Way(kind, subject_id, f"/reviews/{kind}/{subject_id}/write"))


@router.post("/reviews/{kind}/{subject_id:uuid}/write")
async def write_review(request: Request, kind: str, subject_id: UUID, house: House, actor: Caller) -> Response:
    """Take a review."""
    return await _write(request, house, actor, Way(kind, subject_id, f"/reviews/{kind}/{subject_id}/write"))


async def _invited(house: Ports, invitation_id: UUID, signature: str) -> Way:
    async with house.db.write() as tx:
        found = await reviews.invitation(tx, house.secrets, invitation_id, signature)
    return Way(found.kind, found.subject_id, f"/reviews/invited/{invitation_id}/{signature}", found)


async def _show(request: Request, house: Ports, actor: Actor, way: Way) -> Response:
    form = await house.db.query(_form, house, actor, way)
    await _require_open(house, actor, form)
    if form.is_guest and not way.invitation:
        name, email = remembered(request)
        form = replace(form, values={**form.values, "name": name, "email": email, "remember": "true" if name else ""})
    return await _page(request, form)


async def _require_open(house: Ports, actor: Actor, form: ReviewForm) -> None:
    """Raise what the verb would, before anything is written in vain."""
    subject, has_bought = form.subject, False
    if actor.user_id is not None:
        has_bought = await house.db.query(house.voices.kind(subject.kind).bought, subject.id, actor.user_id)
    reviews.require_open(subject, house.voices, actor, is_invited=form.is_invited, is_verified=has_bought)


def _form(connection: Connection, house: Ports, actor: Actor, way: Way) -> ReviewForm:
    subject = shown(house.voices.find(connection, way.kind, [way.subject_id]).get(way.subject_id))
    email = way.invitation.email if way.invitation else actor.email.lower()
    own = reviews.own(connection, way.kind, way.subject_id, email) if email else None
    if own is not None and way.invitation is None and own.user_id != actor.user_id:
        own = None
    photos = reviews.photos_of(connection, [own.id]).get(own.id, []) if own else []
    urls = media.urls(connection, photos)
    name = own.name if own else (way.invitation.name if way.invitation else "")
    return ReviewForm(
        subject=subject,
        crumbs=[(subject.title, subject.url)],
        action=way.action,
        values={"title": own.title, "text": own.text, "name": name} if own else {"title": "", "text": "", "name": name},
        stars=own.stars if own else 0,
        errors={},
        started=started(house, way.form),
        is_guest=way.invitation is not None or not actor.is_signed_in,
        is_invited=way.invitation is not None,
        is_own=own is not None,
        takes_photos=house.site.reviews.photos_enabled,
        most_photos=reviews.MAX_PHOTOS,
        photos=[urls[one] for one in photos if one in urls],
    )


async def _write(request: Request, house: Ports, actor: Actor, way: Way) -> Response:
    sent = await typed(request)
    stars = int(sent.get("stars", "")) if sent.get("stars", "") in ("1", "2", "3", "4", "5") else 0
    draft = ReviewDraft(
        stars=stars,
        title=sent.get("title", ""),
        text=sent.get("text", ""),
        name=sent.get("name", ""),
        email=sent.get("email", ""),
        invitation=way.invitation,
        guarded=guarded(sent, way.form),
    )
    try:
        reviews.checked(draft)
        draft = replace(draft, photos=await _photos(request, house, draft))
        async with house.db.write() as tx:
            made = await reviews.write(tx, actor, house.voices, way.kind, way.subject_id, draft)
            subject = await house.voices.subject(tx, way.kind, way.subject_id)
    except (Invalid, Conflict, NotAllowed) as refused:
        form = await house.db.query(_form, house, actor, way)
        wrong = errors_of(refused)
        return await _page(request, replace(form, values=sent, stars=stars, errors=wrong), refused)
    answer = redirect(subject.url, flash=_told(made.status), request=request)
    if not actor.is_signed_in and way.invitation is None:
        remember(answer, sent)
    return private(answer)


async def _photos(request: Request, house: Ports, draft: ReviewDraft) -> tuple[UUID, ...] | None:
    """Return the ids of the pictures that came, taken into the library; None where none did.

    What a machine sent is not looked at.
    """
    form = await request.form()
    files = [one for one in form.getlist("photos") if isinstance(one, UploadFile) and one.filename]
    if not files or not house.site.reviews.photos_enabled or draft.guarded.trap:
        return None
    if len(files) > reviews.MAX_PHOTOS:
        text = _("At most {most} pictures go with a review.").having(most=reviews.MAX_PHOTOS)
        raise Invalid(text, {"photos": text})
    ids = []
    for file in files:
        name = (file.filename or "")[:60]
        if (file.size or 0) > reviews.MAX_PHOTO_BYTES:
            large = _TOO_LARGE.having(name=name, most=reviews.MAX_PHOTO_BYTES // 1024 // 1024)
            raise Invalid(large, {"photos": large})
        ids.append(await _taken(house, await file.read(), name))
    return tuple(ids)


async def _taken(house: Ports, data: bytes, name: str) -> UUID:
    taker: Any = Actor.system("Reviews")
    try:
        taken = await media.take(
            house.db, house.blobs, taker, data=data, filename=name, folder="Reviews", only_pictures=True
        )
    except Invalid as refused:
        raise Invalid(refused.message, {"photos": refused.message}) from refused
    return taken.id


def _told(status: Standing) -> Message | Flash:
    if status is Standing.PUBLISHED:
        return _("Thank you. Your review is published.")
    return Flash(_("Thank you. Your review appears as soon as somebody has looked at it."), "info")


async def _page(request: Request, form: ReviewForm, refused: AgoraError | None = None) -> Response:
    status = status_of(refused)[0] if refused is not None else 200
    title = _("Your review of {title}").having(title=form.subject.title)
    answer = await page(
        request, "storefront/reviews/write.html", form, title=title, status=status, block="form", indexed=False
    )
    return private(answer)
