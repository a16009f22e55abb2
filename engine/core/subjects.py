"""What people speak about: kinds of things that can be commented on or reviewed, offered upward by their domains."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.core.i18n import Message


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing. url: its public page, empty where it has none now. since: when it was published.

    takes_comments, takes_reviews: whether it is open for them by itself; the site's settings may close it still.
    """

    kind: str
    id: UUID
    title: str
    url: str
    since: datetime | None = None
    takes_comments: bool = False
    takes_reviews: bool = False


def nobody(_connection: Connection, _subject_id: UUID, _user_id: UUID) -> bool:
    """Return that nobody bought it: for what is not sold."""
    return False


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """One kind, such as `product`. find: those of these ids that there are; bought: whether an account has one.

    admin_url: where staff change the thing, by its id.
    """

    kind: str
    noun: Message
    find: Callable[[Connection, Sequence[UUID]], Mapping[UUID, Subject]]
    bought: Callable[[Connection, UUID, UUID], bool] = nobody
    admin_url: Callable[[UUID], str] | None = None
