"""What content holds of a person: what they said, sent and downloaded."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    SelectBase,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
)

from engine.content.comments.models import Comment
from engine.content.files.models import FileDownload
from engine.content.forms import entries
from engine.content.forms.models import FormEntry
from engine.content.pages.models import Page, PageNote, PageVersion
from engine.content.reviews.models import Review, ReviewInvitation
from engine.content.speech.models import MailWish
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.persons import Person, PersonalData, Retention
from engine.core.transaction import Tx

#: Who wrote what stays, once nobody is to know.
NOBODY = "Anonymous"
BATCH = 200
HOUSE = Actor.system("Agora")


def _rows(connection: Connection, statement: Executable) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(statement)]  # noqa: SLF001 -- its public name


def _wrote(kind: Any, person: Person) -> ColumnElement[bool]:
    own = kind.email == person.email
    return or_(own, kind.user_id == person.user_id) if person.user_id else own


def _comments(connection: Connection, person: Person) -> list[dict[str, Any]]:
    columns = (Comment.created_at, Comment.name, Comment.email, Comment.text, Comment.status)
    return _rows(connection, select(*columns).where(_wrote(Comment, person)).order_by(Comment.id))


async def _erase_comments(tx: Tx, person: Person) -> int:
    ids = list(await tx.scalars(select(Comment.id).where(_wrote(Comment, person))))
    nobody = {"name": NOBODY, "email": "", "user_id": None, "wants_replies": False}
    await tx.execute(update(Comment).where(Comment.id.in_(ids)).values(**nobody))
    await tx.execute(delete(MailWish).where(MailWish.address == person.email))
    return len(ids)


def _reviews(connection: Connection, person: Person) -> list[dict[str, Any]]:
    columns = (Review.created_at, Review.name, Review.email, Review.stars, Review.title, Review.text, Review.status)
    return _rows(connection, select(*columns).where(_wrote(Review, person)).order_by(Review.id))


async def _erase_reviews(tx: Tx, person: Person) -> int:
    ids = list(await tx.scalars(select(Review.id).where(_wrote(Review, person))))
    await tx.execute(update(Review).where(Review.id.in_(ids)).values(name=NOBODY, email=None, user_id=None))
    await tx.execute(delete(ReviewInvitation).where(ReviewInvitation.email == person.email))
    return len(ids)


def _entries(connection: Connection, person: Person) -> list[dict[str, Any]]:
    columns = (FormEntry.created_at, FormEntry.email, FormEntry.questions, FormEntry.answers, FormEntry.page)
    return _rows(connection, select(*columns).where(_wrote(FormEntry, person)).order_by(FormEntry.id))


async def _erase_entries(tx: Tx, person: Person) -> int:
    if person.user_id:
        mine = await tx.scalars(select(FormEntry).where(FormEntry.user_id == person.user_id).with_for_update())
        rows = list(mine)
        await entries.erase(tx, rows)
        return len(rows) + await entries.erase_person(tx, HOUSE, person.email)
    return await entries.erase_person(tx, HOUSE, person.email)


def _old_entries(before: datetime) -> Select[Any]:
    return select(FormEntry.id).where(FormEntry.created_at < before)


async def _forget_entries(tx: Tx, before: datetime) -> int:
    rows = list(await tx.scalars(select(FormEntry).where(FormEntry.created_at < before).limit(BATCH)))
    await entries.erase(tx, rows)
    return len(rows)


def _versions(connection: Connection, person: Person) -> list[dict[str, Any]]:
    columns = (PageVersion.page_id, PageVersion.number, PageVersion.at, PageVersion.author_name, PageVersion.note)
    return _rows(connection, select(*columns).where(PageVersion.author_id == person.user_id).order_by(PageVersion.id))


async def _erase_authorship(tx: Tx, person: Person) -> int:
    """Leave what staff wrote on pages, and forget who it was."""
    if person.user_id is None:
        return 0
    mine = select(PageVersion.id).where(PageVersion.author_id == person.user_id)
    count = await tx.scalar(select(func.count()).select_from(mine.subquery()))
    await tx.execute(update(Page).where(Page.draft_version_id.in_(mine)).values(updated_by_name=NOBODY))
    for kind in (PageVersion, PageNote):
        await tx.execute(update(kind).where(kind.author_id == person.user_id).values(author_name=NOBODY))
    return count or 0


def _fetched(person: Person) -> ColumnElement[bool]:
    own = FileDownload.who == person.email
    return or_(own, FileDownload.user_id == person.user_id) if person.user_id else own


def _downloads(connection: Connection, person: Person) -> list[dict[str, Any]]:
    columns = (FileDownload.created_at, FileDownload.file_id, FileDownload.who)
    return _rows(connection, select(*columns).where(_fetched(person)).order_by(FileDownload.id))


async def _erase_downloads(tx: Tx, person: Person) -> int:
    ids = list(await tx.scalars(select(FileDownload.id).where(_fetched(person))))
    await tx.execute(update(FileDownload).where(FileDownload.id.in_(ids)).values(who="", user_id=None))
    return len(ids)


def _old_downloads(before: datetime) -> Select[Any]:
    return select(FileDownload.id).where(FileDownload.created_at < before, FileDownload.who != "")


async def _forget_downloads(tx: Tx, before: datetime) -> int:
    ids = list(await tx.scalars(_old_downloads(before).limit(BATCH)))
    await tx.execute(update(FileDownload).where(FileDownload.id.in_(ids)).values(who="", user_id=None))
    return len(ids)


def _old_of(kind: type[Comment | Review], before: datetime) -> Select[Any]:
    is_known = (kind.email.is_not(None)) & (kind.email != "") | kind.user_id.is_not(None)
    return select(kind.id).where(kind.created_at < before, is_known)


def _old_authors(before: datetime) -> SelectBase:
    return union_all(_old_of(Comment, before), _old_of(Review, before))


async def _forget_authors(tx: Tx, before: datetime) -> int:
    """Forget whose a comment or review was: what they said stays, with the name that stands over it."""
    comments = list(await tx.scalars(_old_of(Comment, before).limit(BATCH)))
    reviews = list(await tx.scalars(_old_of(Review, before).limit(BATCH)))
    alone = {"email": "", "user_id": None, "wants_replies": False}
    await tx.execute(update(Comment).where(Comment.id.in_(comments)).values(**alone))
    await tx.execute(update(Review).where(Review.id.in_(reviews)).values(email=None, user_id=None))
    return len(comments) + len(reviews)


PERSONAL = (
    PersonalData("comments", _("Comments"), _comments, _erase_comments),
    PersonalData("reviews", _("Reviews"), _reviews, _erase_reviews),
    PersonalData("form-entries", _("What was sent by forms"), _entries, _erase_entries),
    PersonalData("page-versions", _("What was written on pages"), _versions, _erase_authorship),
    PersonalData("downloads", _("Downloads"), _downloads, _erase_downloads),
)
RETENTIONS = (
    Retention("form_entry_days", _("What was sent by forms"), _forget_entries, _old_entries),
    Retention("download_days", _("Who downloaded a file"), _forget_downloads, _old_downloads),
    Retention("author_days", _("Addresses of who commented or reviewed"), _forget_authors, _old_authors),
)
