"""The mailer that needs nothing: messages stay in the outbox, where staff read them."""

from engine.core.site import EmailSettings
from engine.messaging.ports import Delivery, Email


class OutboxMailer:
    """Keeps every message; nobody outside hears of it."""

    async def deliver(self, email: Email) -> Delivery:
        """Keep the message: its row is the mailbox."""
        return Delivery.KEPT


def open_outbox(_settings: EmailSettings) -> OutboxMailer:
    """Return the mailer; it has no settings."""
    return OutboxMailer()
