"""Decisions about comments: how deep, how long open, how long changeable. Pure."""

from datetime import datetime, timedelta

from engine.core import shown
from engine.core.errors import Conflict, NotSignedIn
from engine.core.i18n import _
from engine.core.settings import Site
from engine.core.subjects import Subject

#: Levels that read well; answers below stand under the last of them and name whom they answer.
LEVELS = 3
MAX_TEXT = 5_000
EDITABLE = timedelta(minutes=15)


def closes_at(subject: Subject, site: Site) -> datetime | None:
    """Return when a thing stops taking comments, or None where it never does."""
    days = site.blog.comments_close_after_days
    return subject.since + timedelta(days=days) if days and subject.since else None


def is_open(subject: Subject, site: Site, now: datetime) -> bool:
    """Return whether a thing takes comments now."""
    end = closes_at(subject, site)
    if end is not None and now < end:
        shown.until(end)
    return site.blog.comments_enabled and subject.takes_comments and (end is None or now < end)


def require_open(subject: Subject, site: Site, now: datetime, *, is_member: bool) -> None:
    """Raise Conflict where a thing takes no comments, NotSignedIn where it takes them of members alone."""
    if not is_open(subject, site, now):
        raise Conflict(_("“{title}” takes no comments any more."), title=subject.title)
    if site.blog.comments_members_only and not is_member:
        raise NotSignedIn(_("Sign in to comment: only members can here."))


def is_editable(created_at: datetime, now: datetime) -> bool:
    """Return whether its author may still change a comment."""
    return now - created_at <= EDITABLE
