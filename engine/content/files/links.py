"""Addresses that open one file for some minutes, and proofs that a form was sent for it: signed, bound, over soon."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from engine.core.ids import parse_id
from engine.core.secrets import Secrets

_LINK, _FILL = "file-link", "file-fill"
_DIGITS = 12
#: How long who sent a form for a file can come back to its page for it.
FILLED_FOR = timedelta(days=7)
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom a link was made: an account, or who sent this entry; neither for whoever came by."""

    user_id: UUID | None = None
    entry_id: UUID | None = None

    @property
    def text(self) -> str:
        """How a link names them."""
        if self.user_id:
            return f"u{self.user_id.hex}"
        return f"e{self.entry_id.hex}" if self.entry_id else NOBODY

    @classmethod
    def read(cls, text: str) -> "Holder":
        """Return who a signed link names."""
        found = parse_id(text[1:])
        return cls(user_id=found) if text[:1] == "u" else cls(entry_id=found) if text[:1] == "e" else cls()


def link(secrets: Secrets, file_id: UUID, version: str, holder: Holder, until: datetime) -> str:
    """Return the query of an address that opens these bytes until then: another version needs another link."""
    stamp = int(until.timestamp())
    subject = f"{file_id}:{version}:{stamp}:{holder.text}"
    return f"until={stamp}&for={holder.text}&key={secrets.signature(_LINK, subject)}"


def opens(secrets: Secrets, file_id: UUID, version: str, sent: tuple[str, str, str], now: datetime) -> bool:
    """Return whether (until, for, key) of an address open these bytes now."""
    stamp, holder, key = sent
    until = _moment(stamp)
    if until is None or until < now or len(holder) > 40:
        return False
    return secrets.signed(_LINK, f"{file_id}:{version}:{stamp}:{holder}", key)


def fill(secrets: Secrets, file_id: UUID, entry_id: UUID, now: datetime) -> str:
    """Return the proof that an entry was sent for a file."""
    stamp = int((now + FILLED_FOR).timestamp())
    return f"{entry_id.hex}.{stamp}.{secrets.signature(_FILL, f'{file_id}:{entry_id}:{stamp}')}"


def filled(secrets: Secrets, file_id: UUID, sent: str, now: datetime) -> UUID | None:
    """Return the entry that such a proof is of, or None for what proves nothing (any more)."""
    parts = sent.split(".")
    if len(parts) != 3 or len(sent) > 200:
        return None
    entry_id, until = parse_id(parts[0]), _moment(parts[1])
    if entry_id is None or until is None or until < now:
        return None
    is_signed = secrets.signed(_FILL, f"{file_id}:{entry_id}:{parts[1]}", parts[2])
    return entry_id if is_signed else None


def _moment(stamp: str) -> datetime | None:
    if not (stamp.isascii() and stamp.isdigit()) or len(stamp) > _DIGITS:
        return None
    try:
        return datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None
