"""The installation's own secrets: made on first start, in the data folder at mode 0600, never shown."""

import base64
import hmac
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from engine.core.errors import Unavailable
from engine.core.i18n import _

NAME = "secrets.json"
_ENCRYPTED = "enc:1:"
_DOTS = "••••"
_known_prefix = re.compile(r"^(?:[a-z]{2}_(?:test|live)|whsec|SG|re|key|pk|sk)(?=[_.\-])")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The keys of one installation, each for one purpose.

    former_key: what settings were encrypted with before, while they are being encrypted anew. made_on: the day of the
    keys, as ISO 8601 writes it.
    """

    settings_key: str
    jwt_secret: str
    session_secret: str
    link_secret: str
    former_key: str = ""
    made_on: str = ""

    def encrypt(self, text: str) -> str:
        """Return a secret setting as it is kept."""
        return _ENCRYPTED + Fernet(self.settings_key).encrypt(text.encode()).decode()

    def decrypt(self, kept: str) -> str:
        """Return a kept secret's text. Raises Unavailable when it was encrypted with another key."""
        if not kept.startswith(_ENCRYPTED):
            return kept
        keys = [Fernet(key) for key in (self.settings_key, self.former_key) if key]
        try:
            return MultiFernet(keys).decrypt(kept.removeprefix(_ENCRYPTED)).decode()
        except InvalidToken:
            raise Unavailable(
                _("A stored secret was encrypted with another key. Put back secrets.json of this data folder.")
            ) from None

    def signature(self, purpose: str, subject: str) -> str:
        """Return 128 bits as URL-safe text that only this installation can make for the subject (HMAC-SHA-256)."""
        mac = hmac.digest(self.link_secret.encode(), f"{purpose}:{subject}".encode(), "sha256")
        return base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode()

    def signed(self, purpose: str, subject: str, signature: str) -> bool:
        """Return whether the signature is the one for this subject."""
        return hmac.compare_digest(self.signature(purpose, subject).encode(), signature.encode())


def make_secrets() -> Secrets:
    """Return fresh ones."""
    jwt, session, link = (secrets.token_urlsafe(48) for _ in range(3))
    return Secrets(Fernet.generate_key().decode(), jwt, session, link, made_on=datetime.now(UTC).date().isoformat())


def rotated(kept: Secrets, *, links: bool = False) -> Secrets:
    """Return new keys, which still open what the former one closed. links: also the key of links that were sent."""
    made = make_secrets()
    return replace(made, former_key=kept.settings_key, link_secret=made.link_secret if links else kept.link_secret)


def write_secrets(folder: Path, made: Secrets) -> None:
    """Put keys in place of those in the data folder, whole or not at all, and on the disk before anything else is."""
    scratch = folder / f"secrets.{os.getpid()}.new"
    _write(scratch, made)
    scratch.replace(folder / NAME)
    if os.name == "posix":  # a folder cannot be opened elsewhere, and need not be
        opened = os.open(folder, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)


def _write(path: Path, made: Secrets) -> None:
    path.touch(mode=0o600)
    with path.open("w") as file:
        file.write(written(made))
        file.flush()
        os.fsync(file.fileno())


def written(made: Secrets) -> str:
    """Return keys as `secrets.json` and AGORA_SECRETS hold them."""
    return json.dumps(asdict(made))


def read_secrets(text: str) -> Secrets:
    """Return keys that were written. Raises ValueError for what is none."""
    try:
        read = Secrets(**json.loads(text))
        Fernet(read.settings_key)
    except (TypeError, ValueError) as error:
        raise ValueError("it must be what `agora secrets make` prints, whole") from error
    return read


def load_secrets(
    folder: Path, *, given: Secrets | None = None, jwt_secret: str | None = None, session_secret: str | None = None
) -> Secrets:
    """Return the data folder's secrets, made on first use; the environment's win.

    given: those that several machines share, instead of a data folder.
    """
    path = folder / NAME
    if given is not None and not (path.exists() and path.read_text() == written(given)):
        write_secrets(folder, given)  # backups take them from there, and what runs without the environment finds them
    if not path.exists():
        made = make_secrets()
        scratch = path.with_suffix(f".{os.getpid()}.new")
        _write(scratch, made)
        try:
            os.link(scratch, path)  # the first of two starting processes wins, whole
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    kept = json.loads(path.read_text())
    if not kept.get("made_on"):  # by a version that did not note it
        kept["made_on"] = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    if jwt_secret:
        kept["jwt_secret"] = jwt_secret
    if session_secret:
        kept["session_secret"] = session_secret
    return Secrets(**kept)


def mask(secret: str) -> str:
    """Return what may be shown of a secret: `sk_test••••1234`."""
    if not secret:
        return ""
    known = _known_prefix.match(secret)
    tail = secret[-4:] if len(secret) >= 12 else ""
    return (known.group() if known else "") + _DOTS + tail


def mask_whole(secret: str) -> str:
    """Return what may be shown of a passphrase: that there is one."""
    return _DOTS if secret else ""


def is_encrypted(text: str) -> bool:
    """Return whether the text is a secret as it is kept."""
    return text.startswith(_ENCRYPTED)


def is_masked(text: str) -> bool:
    """Return whether the text is a mask that came back, and so no new secret."""
    return _DOTS in text
