"""The door of messaging: `send` an e-mail after the commit of the change that causes it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.transaction import Tx
from engine.messaging.models import Message, MessageStatus

SEND = "messaging.send"
MAX_ADDRESS = 320
#: What is left of a message that was erased.
NOTHING: Mapping[str, Any] = {
    "contents": {},
    "html": "",
    "text": "",
    "subject": "",
    "recipient": "",
    "sent_to": "",
    "reply_to": "",
}


async def send(
    tx: Tx,
    *,
    template: str,
    to: str,
    values: Mapping[str, Any],
    locale: str,
    about: UUID | None = None,
    holds_secret: bool = False,
    tries: UUID | None = None,
    reply_to: str = "",
) -> UUID:
    """Write a message and the job that sends it after the commit; return the message's id.

    values: JSON, snake_case, as the template's example shows (`ui/emails/README.md`): money as
    `{"amount", "currency"}`, times as ISO 8601, links relative to the site (`/orders/...`), made whole by the renderer.
    holds_secret: the values hold a link that works once; only super admins may read it, and it is erased once sent.
    tries: a stored template that is tried out, whether it is active or not. reply_to: who answers go to, where that is
    not the house; what cannot be an address is left out.
    Raises Invalid for something that cannot be an address.
    """
    if not is_plausible(to):
        refusal = _("“{address}” is not an e-mail address; write it like name@example.org.").having(address=to[:60])
        raise Invalid(refusal, {"email": refusal})
    message = Message(
        template=template,
        locale=locale,
        recipient=to,
        contents=dict(values),
        about=about,
        tries=tries,
        holds_secret=holds_secret,
        reply_to=reply_to if is_plausible(reply_to) else "",
        status=MessageStatus.QUEUED,
    )
    message.job_id = tx.enqueue(SEND, {"message": str(message.id)})
    tx.add(message)
    return message.id


async def forget(tx: Tx, about: Sequence[UUID]) -> None:
    """Erase for good what was written about these things, and to whom; that something was written stays known."""
    if about:
        await tx.execute(update(Message).where(Message.about.in_(about)).values(**NOTHING, erased_at=tx.now))


def is_plausible(address: str) -> bool:
    """Return whether the text is fit for an address line: one @ between two parts, no space or control character."""
    name, at, host = address.rpartition("@")
    return (
        bool(at and name and host)
        and len(address) <= MAX_ADDRESS
        and address.isprintable()
        and not any(character in ' ,;:<>()[]"\\' for character in address)
    )
