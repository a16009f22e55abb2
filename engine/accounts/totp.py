"""Codes of an authenticator app: six digits, another every thirty seconds.

Source: RFC 6238 (TOTP) over RFC 4226 (HOTP), with SHA-1, as every app does it.
"""

import base64
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
#: Clocks differ: the code before and the one after are good, too.
DRIFT = (-1, 0, 1)


def new_secret() -> str:
    """Return a fresh secret of 160 bits, in base 32, as people type it into an app."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of one step of thirty seconds."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """Return the step that a code is of, None for a wrong one. after: the step that was used last, which is over."""
    here = int(now.timestamp()) // STEP_SECONDS
    for step in (here + drift for drift in DRIFT):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def address(secret: str, email: str, site: str) -> str:
    """Return what an app reads from a QR code.

    Source: github.com/google/google-authenticator, "Key URI Format".
    """
    asked = urlencode({"secret": secret, "issuer": site}, quote_via=quote)
    return f"otpauth://totp/{quote(site)}:{quote(email)}?{asked}"
