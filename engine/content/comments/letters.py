"""Letters about comments: to staff who asked for them, to the author above an answer, and to who must confirm first."""

from collections.abc import Mapping

from engine.accounts import public as accounts
from engine.content.comments.models import Comment
from engine.content.speech import wishes
from engine.content.speech.letters import STOP, letter, send
from engine.content.speech.standing import Standing
from engine.content.speech.voices import Voices
from engine.core.i18n import Message, _
from engine.core.subjects import Subject
from engine.core.transaction import Tx

RECEIVED, REPLY, CONFIRM = "comment_received", "comment_reply", "comment_confirm"
#: How much of a comment stands in a letter.
QUOTED = 1_000


def anchor(row: Comment) -> str:
    """Return the name of a comment's place on its page."""
    return f"comment-{row.id}"


async def tell_staff(tx: Tx, voices: Voices, row: Comment, subject: Subject) -> None:
    """Tell the addresses that the settings name of a new comment; not of spam, and not of what staff wrote."""
    if row.status is Standing.SPAM or row.is_staff:
        return
    values = {
        "author": row.name,
        "title": subject.title,
        "text": _cut(row.text),
        "waits": row.status is Standing.PENDING,
        "url": "/admin/comments",
    }
    for address in voices.site.blog.comments_notify:
        await send(tx, voices, RECEIVED, wishes.NEW_COMMENTS, address.lower(), values, row.id)


async def tell_author_above(tx: Tx, voices: Voices, row: Comment) -> None:
    """Tell the author above that somebody answered: once, and only who asked for it and proved to own the address."""
    if row.parent_id is None or row.told_at is not None:
        return
    parent = await tx.get(Comment, row.parent_id)
    if parent is None or not _asks(parent) or parent.email == row.email:
        return
    wanted = await wishes.wish(tx, wishes.REPLIES, parent.email)
    if wanted is None:
        wanted = await _is_proven(tx, parent)
    if not wanted:
        return
    subject = await voices.seen(tx, row.kind, row.subject_id)
    if subject is None or not subject.url:
        return
    row.told_at = tx.now
    values = {
        "name": parent.name,
        "author": row.name,
        "title": subject.title,
        "text": _cut(row.text),
        "url": f"{subject.url}#{anchor(row)}",
    }
    await send(tx, voices, REPLY, wishes.REPLIES, parent.email, values, row.id)


async def ask_author(tx: Tx, voices: Voices, row: Comment) -> None:
    """Ask a guest once whether it was really them who wants to hear of answers."""
    if not _asks(row) or await _is_proven(tx, row):
        return
    subject = await voices.seen(tx, row.kind, row.subject_id)
    if subject is None or not subject.url or not await wishes.may_ask(tx, wishes.REPLIES, row.email):
        return
    url = wishes.ask_link(voices.secrets, wishes.REPLIES, row.email)
    values = {"name": row.name, "title": subject.title, "confirm_url": url}
    await send(tx, voices, CONFIRM, wishes.REPLIES, row.email, values, row.id)


def _asks(row: Comment) -> bool:
    return row.wants_replies and bool(row.email) and row.status is Standing.PUBLISHED


async def _is_proven(tx: Tx, row: Comment) -> bool:
    """Return whether the comment's address is known to be its author's own."""
    if row.user_id is None:
        return False
    connection = await tx.session.connection()
    return await connection.run_sync(accounts.verified_email, row.user_id) == row.email


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + " …"


_TEXT = "Where does the clay come from? The glaze looks lovely."
_NAMES: Mapping[str, Message] = {
    "name": _("Who gets the letter"),
    "author": _("Who wrote the comment"),
    "title": _("What it is about"),
    "text": _("What it says"),
    "waits": _("Whether it waits for approval"),
    "url": _("The link to it"),
    "confirm_url": _("The link that confirms"),
    "unsubscribe_url": _("The link that stops these letters"),
}


TEMPLATES = (
    letter(
        RECEIVED,
        _("New comment, for you"),
        _NAMES,
        {"author": "Grace Hopper", "title": "How we fire our mugs", "text": _TEXT, "waits": True,
         "url": "/admin/comments", "unsubscribe_url": STOP},
    ),
    letter(
        REPLY,
        _("Answer to a comment"),
        _NAMES,
        {"name": "Ada Lovelace", "author": "Grace Hopper", "title": "How we fire our mugs", "text": _TEXT,
         "url": "/articles/mugs#comment-1", "unsubscribe_url": STOP},
        "unsubscribe_url",
    ),
    letter(
        CONFIRM,
        _("Do you want to hear of answers?"),
        _NAMES,
        {"name": "Ada Lovelace", "title": "How we fire our mugs", "confirm_url": "/subscribe/example/example/example",
         "unsubscribe_url": STOP},
        "confirm_url",
    ),
)  # fmt: skip
