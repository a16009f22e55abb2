"""What accounts ask of the world: whether what a passkey says is true."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody signs in. host: what passkeys are bound to; origins: addresses that a browser may say it is at."""

    host: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that was made. credential_id, public_key: base64url."""

    credential_id: str
    public_key: str
    sign_count: int


class PasskeyCheck(Protocol):
    """Checks what a browser answers: JSON, as `PublicKeyCredential.toJSON` writes it. Raises Invalid for a lie.

    The person must have shown who they are to the key itself: by finger, face or PIN.
    """

    def made(self, door: Door, challenge: bytes, answer: str) -> NewKey: ...

    def proven(self, door: Door, challenge: bytes, answer: str, key: NewKey) -> int: ...
