"""The comments of a thing as its page shows them. Nothing here is anybody's own, so that the page can be kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.content.comments import public as comments
from engine.content.comments.public import CommentView
from engine.core.paging import Page, PageRequest
from engine.core.subjects import Subject

SHOWN = 20


@dataclass(frozen=True)
class CommentsSection:
    """One page of a thread. write_url: the form, none where nothing can be written; closed: it took some once.

    closes_at: until when it takes more, where it does not for ever. members_only: only people with an account write.
    """

    subject: Subject
    count: int
    page: Page[CommentView]
    write_url: str | None
    pages_url: str
    is_closed: bool
    closes_at: datetime | None
    members_only: bool


def section_of(connection: Connection, house: Ports, subject: Subject, page: int = 1) -> CommentsSection | None:
    """Return the part of a thing's page that shows its comments: four queries; None where it has and takes none.

    A page's reads call it in their own hop: `section_of(connection, house, subject)`, and its template includes
    `storefront/comments/section.html`, which needs `comments`.
    """
    site = house.site
    is_open = comments.is_open(subject, site, house.clock.now())
    found = comments.thread(connection, subject.kind, subject.id, PageRequest(page, SHOWN))
    if not is_open and not found.count:
        return None
    home = f"/comments/{subject.kind}/{subject.id}"
    return CommentsSection(
        subject=subject,
        count=found.count,
        page=found.page,
        write_url=f"{home}/write" if is_open else None,
        pages_url=f"{home}?page={{page}}",
        is_closed=not is_open,
        closes_at=comments.closes_at(subject, site) if is_open else None,
        members_only=site.blog.comments_members_only,
    )
