"""The two desks at which staff judge voices: what each reads, and what each shows of a voice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.content.comments import queries as comments
from engine.content.comments.moderation import Moderation as CommentModeration
from engine.content.reviews import queries as reviews
from engine.content.reviews.moderation import Moderation as ReviewModeration
from engine.content.spam.judging import said
from engine.content.speech.queueing import Queue
from engine.content.speech.standing import Standing
from engine.content.speech.text import html_of
from engine.core.access import Permission
from engine.core.i18n import Message, _
from engine.core.paging import Page, PageRequest
from engine.core.subjects import Subject
from engine.media import public as media
from engine.media.public import MediaUrls


@dataclass(frozen=True)
class Voice:
    """One comment or review as staff see it. above: (name, html) of what it answers; stars: 0 for a comment.

    subject: None where the thing is gone; noun: its kind in a word; admin_url: where it is changed.
    """

    id: UUID
    name: str
    email: str
    title: str
    html: str
    stars: int
    is_ours: bool
    is_verified: bool
    standing: Standing
    reasons: Sequence[Message]
    above: Sequence[tuple[str, str]]
    photos: Sequence[MediaUrls]
    answer: str
    subject: Subject | None
    noun: Message | str
    admin_url: str
    created_at: Any
    edited_at: Any

    @property
    def label(self) -> str:
        """Whose it is, for a list read aloud."""
        return self.name


@dataclass(frozen=True)
class Desk:
    """One of the two. reads: its queries; row: reads one; acts: its verbs; reply: the one that answers."""

    path: str
    title: Message
    text: Message
    noun: Message
    icon: str
    empty: tuple[Message, Message]
    permission: Permission
    reads: Any
    row: Callable[[Connection, UUID], Any]
    acts: Callable[[Any], Any]
    reply: str
    reply_label: Message

    @property
    def home(self) -> str:
        return f"/admin/{self.path}"

    def queued(
        self, connection: Connection, house: Ports, standing: Standing, search: str, request: PageRequest
    ) -> Page[Voice]:
        """Return one page of what stands there."""
        found = self.reads.QUEUE.page(connection, Queue(standing, search=search), request)
        return Page(self.shown(connection, house, found.items), found.total, found.page, found.limit)

    def shown(self, connection: Connection, house: Ports, rows: Sequence[Any]) -> list[Voice]:
        """Return these rows as staff see them: a query for each kind of thing, and one or two more."""
        subjects = _subjects(connection, house, rows)
        above = comments.above(connection, rows) if self.path == "comments" else {}
        photos = reviews.photos_of(connection, [row.id for row in rows]) if self.path == "reviews" else {}
        urls = media.urls(connection, [one for found in photos.values() for one in found])
        return [
            _voice(house, row, subjects, above, [urls[o] for o in photos.get(row.id, ()) if o in urls]) for row in rows
        ]


def _subjects(connection: Connection, house: Ports, rows: Sequence[Any]) -> Mapping[tuple[str, UUID], Subject]:
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.kind, set()).add(row.subject_id)
    return {
        (kind, id_): subject
        for kind, ids in wanted.items()
        for id_, subject in house.voices.find(connection, kind, list(ids)).items()
    }


def _voice(
    house: Ports,
    row: Any,
    subjects: Mapping[tuple[str, UUID], Subject],
    above: Mapping[UUID, Sequence[Any]],
    photos: Sequence[MediaUrls],
) -> Voice:
    kind = house.voices.kinds.get(row.kind)
    return Voice(
        id=row.id,
        name=row.name,
        email=row.email or "",
        title=getattr(row, "title", ""),
        html=html_of(row.text),
        stars=getattr(row, "stars", 0),
        is_ours=getattr(row, "is_staff", False),
        is_verified=getattr(row, "is_verified", False),
        standing=Standing(row.status),
        reasons=[said(one["code"], one.get("values", {})) for one in row.reasons],
        above=[(one.name, html_of(one.text)) for one in above.get(row.id, ())],
        photos=photos,
        answer=getattr(row, "answer", ""),
        subject=subjects.get((row.kind, row.subject_id)),
        noun=kind.noun if kind else row.kind,
        admin_url=kind.admin_url(row.subject_id) if kind and kind.admin_url else "",
        created_at=row.created_at,
        edited_at=row.edited_at,
    )


COMMENTS = Desk(
    "comments",
    _("Comments"),
    _("What people write under your pages. What waits is seen by nobody else."),
    _("comments"),
    "message-square",
    (_("Nothing waits"), _("Comments that need your eye appear here, with the reason why.")),
    Permission.MODERATE_COMMENTS,
    comments,
    comments.comment,
    CommentModeration,
    "reply",
    _("Answer"),
)
REVIEWS = Desk(
    "reviews",
    _("Reviews"),
    _("What people think of what you sell. What waits is seen by nobody else."),
    _("reviews"),
    "star",
    (_("Nothing waits"), _("Reviews that need your eye appear here, with the reason why.")),
    Permission.MODERATE_REVIEWS,
    reviews,
    reviews.review,
    ReviewModeration,
    "answer",
    _("Answer in public"),
)
DESKS = (COMMENTS, REVIEWS)
