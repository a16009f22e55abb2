"""What a public form carries against machines: a field that nobody sees, and the signed moment it was opened."""

from datetime import UTC, datetime, timedelta

from engine.core import shown
from engine.core.secrets import Secrets

#: The names of the two fields. People do not see the first; whatever stands in it was written by a machine.
TRAP = "homepage"
STARTED = "started"
_PURPOSE = "form-start"
_DIGITS = 12


def started(secrets: Secrets, now: datetime, form: str) -> str:
    """Return the signed moment, for a hidden field. form: what it opens, such as `comment:product:ID`."""
    shown.personal()
    stamp = str(int(now.timestamp()))
    return f"{stamp}.{secrets.signature(_PURPOSE, f'{form}:{stamp}')}"


def age(secrets: Secrets, sent: str, now: datetime, form: str) -> timedelta | None:
    """Return how long ago this form was opened, or None where what was sent does not prove it."""
    stamp, dot, signature = sent.partition(".")
    if not dot or not (stamp.isascii() and stamp.isdigit()) or len(stamp) > _DIGITS:
        return None
    if not secrets.signed(_PURPOSE, f"{form}:{stamp}", signature):
        return None
    return now - datetime.fromtimestamp(int(stamp), UTC)
