"""What staff do with the outbox: send a message again, or a test to themselves."""

from uuid import UUID

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _
from engine.core.running import retry
from engine.core.settings import Site
from engine.core.transaction import Tx
from engine.messaging import policy, public
from engine.messaging.models import Message, MessageStatus

TEST = "test"


async def send_again(tx: Tx, actor: Actor, message_id: UUID) -> None:
    """Queue a message that was held, kept or failed once more.

    Raises NotAllowed, NotFound, Conflict when it left already, waits already, or was erased.
    """
    policy.require_reader(actor)
    message = await tx.get(Message, message_id, locked=True)
    if message is None:
        raise NotFound(_("There is no such message. It may have been removed."))
    if message.erased_at is not None:
        raise Conflict(_("What this message said was erased, because it held a secret. Ask for a new one."))
    if message.status in (MessageStatus.SENT, MessageStatus.QUEUED):
        raise Conflict(_("This message is {status} already."), status=str(message.status))
    message.status, message.error, message.counted_at = MessageStatus.QUEUED, "", None
    if message.job_id is None or not await retry(tx, message.job_id):
        message.job_id = tx.enqueue(public.SEND, {"message": str(message.id)}, actor=actor)
    tx.record(actor, "message.send_again", resource_type="message", message=message.id, recipient=message.recipient)


async def send_test(tx: Tx, actor: Actor, site: Site, to: str) -> UUID:
    """Send a test e-mail with the settings as they are; return the message's id.

    Raises NotAllowed below admin, Invalid for something that cannot be an address.
    """
    access.require(actor, Permission.UPDATE_SETTINGS)
    values = {"name": actor.name, "provider": site.email.provider}
    message_id = await public.send(tx, template=TEST, to=to, values=values, locale=site.general.language)
    tx.record(actor, "message.test", resource_type="message", message=message_id, recipient=to)
    return message_id
