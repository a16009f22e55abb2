"""Signed messages between programs, as Stripe signs its webhooks: `t=1717243200,v1=hex` over the time and the bytes.

Source: docs.stripe.com, "Verify webhook signatures manually".
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from engine.core.errors import Invalid
from engine.core.i18n import _

TOLERANCE = timedelta(minutes=5)
_DIGITS = 12


def sign(secret: str, body: bytes, at: datetime) -> str:
    """Return the header that proves who sent the body, and when."""
    stamp = int(at.timestamp())
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def check(secret: str, header: str, body: bytes, now: datetime) -> None:
    """Raise Invalid unless the header was made with the secret over these bytes within the last five minutes.

    Several `v1` may be there while a secret is replaced; one that fits is enough.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _sign, value in parts if name == "t"]
    given = [value for name, _sign, value in parts if name == "v1"]
    if len(stamps) != 1 or not given or not stamps[0].isascii() or not stamps[0].isdigit() or len(stamps[0]) > _DIGITS:
        raise Invalid(_("The message bears no signature. Sign it as t=seconds,v1=HMAC-SHA-256."))
    stamp = int(stamps[0])
    if not any(hmac.compare_digest(_mac(secret, stamp, body).encode(), one.encode()) for one in given):
        raise Invalid(_("The signature does not fit the message. Check the webhook secret."))
    if abs(now - datetime.fromtimestamp(stamp, UTC)) > TOLERANCE:
        raise Invalid(_("The message was signed more than five minutes ago. Check the clocks, and sign it anew."))


def _mac(secret: str, stamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
