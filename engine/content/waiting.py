"""What of all that visitors send waits for staff: comments, reviews and entries of forms, counted in one query."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from engine.content.comments.models import Comment
from engine.content.forms.models import EntryStatus, FormEntry
from engine.content.reviews.models import Review
from engine.content.speech.standing import Standing


def waiting(connection: Connection) -> Mapping[str, int]:
    """Return how many comments, reviews and entries nobody has judged or looked at."""
    counted = {
        "comments": select(func.count()).where(Comment.status == Standing.PENDING),
        "reviews": select(func.count()).where(Review.status == Standing.PENDING),
        "entries": select(func.count()).where(FormEntry.status == EntryStatus.NEW),
    }
    row = connection.execute(select(*(one.scalar_subquery().label(name) for name, one in counted.items()))).one()
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
