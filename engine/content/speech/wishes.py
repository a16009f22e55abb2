"""Who wants which letters: asked for once, stopped by one click (RFC 8058). A signed link proves whose wish it is."""

import base64
import binascii
from collections.abc import Mapping

from sqlalchemy import Connection, select

from engine.content.speech.models import MailWish
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.core.secrets import Secrets
from engine.core.transaction import Tx

_PURPOSE = "mail-wish"
REPLIES, NEW_COMMENTS, NEW_REVIEWS, INVITATIONS = "comment.replies", "comment.new", "review.new", "review.invitations"
#: What each topic's letters are, for the page that asks.
TOPICS: Mapping[str, Message] = {
    REPLIES: _("answers to your comments"),
    NEW_COMMENTS: _("new comments"),
    NEW_REVIEWS: _("new reviews"),
    INVITATIONS: _("questions about what you bought"),
}


def stop_link(secrets: Secrets, topic: str, address: str) -> str:
    """Return the address of the page that stops these letters, relative to the site."""
    return f"/unsubscribe/{_proof(secrets, topic, address)}"


def ask_link(secrets: Secrets, topic: str, address: str) -> str:
    """Return the address of the page that confirms that these letters are wanted."""
    return f"/subscribe/{_proof(secrets, topic, address)}"


def _proof(secrets: Secrets, topic: str, address: str) -> str:
    name = base64.urlsafe_b64encode(address.encode()).rstrip(b"=").decode()
    return f"{topic}/{name}/{secrets.signature(_PURPOSE, f'{topic}:{address}')}"


def address_in(secrets: Secrets, topic: str, name: str, signature: str) -> str:
    """Return whose link it is. Raises NotFound for one that was not made here."""
    try:
        address = base64.b64decode(name + "=" * (-len(name) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        address = ""
    if topic not in TOPICS or not address or not secrets.signed(_PURPOSE, f"{topic}:{address}", signature):
        raise NotFound(_("This link is not whole. Copy it from the e-mail once more."))
    return address


async def put(tx: Tx, topic: str, address: str, *, is_wanted: bool) -> None:
    """Keep what an address wants; saying it twice does no harm. The caller checked the link."""
    row = await _row(tx, topic, address)
    if row.is_wanted is is_wanted:
        return
    row.is_wanted = is_wanted
    act = "mail.start" if is_wanted else "mail.stop"
    tx.record(Actor.stranger(), act, resource_type="mail", address=address, topic=topic)


async def wish(tx: Tx, topic: str, address: str) -> bool | None:
    """Return what an address said about these letters; None where it said nothing."""
    row = await tx.get(MailWish, (address, topic))
    return row.is_wanted if row is not None else None


def kept(connection: Connection, topic: str, address: str) -> bool | None:
    """Return the same for a page."""
    found: bool | None = connection.scalar(
        select(MailWish.is_wanted).where(MailWish.address == address, MailWish.topic == topic)
    )
    return found


async def may_ask(tx: Tx, topic: str, address: str) -> bool:
    """Return whether to ask an address if it wants these letters, and remember that it was asked: once, ever."""
    row = await _row(tx, topic, address)
    if row.is_wanted is not None or row.asked_at is not None:
        return False
    row.asked_at = tx.now
    return True


async def _row(tx: Tx, topic: str, address: str) -> MailWish:
    values = {"address": address, "topic": topic, "is_wanted": None, "asked_at": None, "created_at": tx.now}
    await tx.insert_new(MailWish, values)
    row = await tx.get(MailWish, (address, topic), locked=True)
    assert row is not None  # noqa: S101 - it was just put there
    return row
