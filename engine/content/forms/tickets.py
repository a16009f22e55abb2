"""What a form carries so that it is taken once, and not from a machine: a signed moment with a secret of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from engine.core import shown
from engine.core.ids import new_secret
from engine.core.secrets import Secrets

_PURPOSE = "form-ticket"
_DIGITS = 12
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Ticket:
    """When a form was opened, and the key under which it is taken once."""

    key: str
    age: timedelta


def issue(secrets: Secrets, form_id: UUID, now: datetime) -> str:
    """Return a fresh ticket for a form."""
    shown.personal()
    subject = f"{int(now.timestamp())}.{new_secret()}"
    return f"{subject}.{secrets.signature(_PURPOSE, f'{form_id}:{subject}')}"


def read(secrets: Secrets, form_id: UUID, sent: str, now: datetime) -> Ticket | None:
    """Return a ticket, or None for what is none of this form's."""
    parts = sent.split(".")
    if len(sent) > _LONGEST or len(parts) != 3:
        return None
    stamp, key, signature = parts
    if not (stamp.isascii() and stamp.isdigit()) or len(stamp) > _DIGITS:
        return None
    if not secrets.signed(_PURPOSE, f"{form_id}:{stamp}.{key}", signature):
        return None
    return Ticket(key, now - datetime.fromtimestamp(int(stamp), UTC))
