"""Signing the desktop's own window in: a token that lives 60 seconds in memory and works once."""

from datetime import datetime, timedelta

from sqlalchemy import select

from engine.accounts.client import Client
from engine.accounts.models import User
from engine.accounts.sessions import open_session
from engine.core.actor import Role
from engine.core.errors import NotAllowed
from engine.core.i18n import _
from engine.core.ids import digest, new_secret
from engine.core.ports import Clock
from engine.core.transaction import Tx

LIFETIME = timedelta(seconds=60)


class DesktopTokens:
    """Kept by their SHA-256 in the memory of the process that owns both the window and the server."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}

    def issue(self) -> str:
        """Return a new token."""
        secret = new_secret()
        now = self._clock.now()
        self._until = {key: until for key, until in self._until.items() if until > now}
        self._until[digest(secret)] = now + LIFETIME
        return secret

    def redeem(self, secret: str) -> bool:
        """Use a token up; return whether it was good."""
        until = self._until.pop(digest(secret), None)
        return until is not None and until > self._clock.now()


async def sign_in_owner(tx: Tx, client: Client) -> str:
    """Sign in the first active super admin, whose machine this is; return the session's cookie."""
    owner: User | None = await tx.scalar(
        select(User).where(User.role == Role.SUPER_ADMIN, User.is_active).order_by(User.created_at, User.id).limit(1)
    )
    if owner is None:
        raise NotAllowed(_("Nobody owns this site yet. Set it up first."))
    return await open_session(tx, owner, client)
