"""The token that proves one may claim this installation: a file in the data folder that only its user can read."""

import hmac
import os
import secrets
from pathlib import Path


class ClaimToken:
    """Made when it is first asked for, and gone once the installation has an owner."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "claim-token"

    def read(self) -> str:
        """Return the token."""
        try:
            descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return self._path.read_text(encoding="ascii").strip()
        made = secrets.token_urlsafe(16)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(made)
        return made

    def matches(self, sent: str) -> bool:
        """Return whether this is the token; the comparison takes the same time for every wrong one."""
        return hmac.compare_digest(self.read().encode(), sent.strip().encode("utf-8", "surrogatepass"))

    def forget(self) -> None:
        """Remove the token: nobody claims twice."""
        self._path.unlink(missing_ok=True)
