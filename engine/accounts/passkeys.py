"""Passkeys of staff: made in one's account, and enough to sign in, for the key itself asks who holds it.

A challenge is signed and good for five minutes, and once.
"""

import base64
import json
import secrets as random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from engine.accounts import sessions
from engine.accounts.models import Passkey, User
from engine.accounts.ports import Door, NewKey, PasskeyCheck
from engine.accounts.users import clean_name
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Invalid, NotFound, NotSignedIn
from engine.core.facts import ProcessedEvent
from engine.core.i18n import _
from engine.core.ids import digest
from engine.core.secrets import Secrets
from engine.core.transaction import Tx

T = TypeVar("T")
LIFE = timedelta(minutes=5)
MOST_KEYS = 20
UNKNOWN = _("Nobody here has this passkey. Sign in by password, and add it to your account.")
#: ES256, EdDSA, RS256. Source: iana.org/assignments/cose.
ALGORITHMS = (-7, -8, -257)


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser is asked. options: JSON for it; token: what comes back with the answer."""

    options: dict[str, Any]
    token: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """One passkey of a list."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


def _asked(secrets: Secrets, now: datetime, purpose: str) -> tuple[str, str]:
    challenge = random.token_urlsafe(32)
    until = int((now + LIFE).timestamp())
    signature = secrets.signature("passkey", f"{purpose}:{challenge}:{until}")
    return challenge, f"{challenge}.{until}.{signature}"


async def _challenge(tx: Tx, secrets: Secrets, token: str, purpose: str) -> bytes:
    """Return the challenge of a token, and use it up. Raises Invalid for one that is over, used or not ours."""
    challenge, _dot, rest = token.partition(".")
    until, _dot, signature = rest.partition(".")
    is_number = until.isascii() and until.isdecimal() and len(until) < 12
    is_ours = is_number and secrets.signed("passkey", f"{purpose}:{challenge}:{until}", signature)
    if not is_ours or datetime.fromtimestamp(int(until), UTC) < tx.now:
        raise Invalid(_("That took too long. Try again."))
    used = {"event_id": digest(challenge), "source": "passkey", "processed_at": tx.now}
    if not await tx.insert_new(ProcessedEvent, used):
        raise Invalid(_("This answer came before. Try again."))
    return base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))


def ask_new(connection: Connection, actor: Actor, secrets: Secrets, door: Door, site: str, now: datetime) -> Question:
    """Return what makes a passkey for the actor."""
    challenge, token = _asked(secrets, now, f"new:{actor.user_id}")
    known = connection.scalars(select(Passkey.credential_id).where(Passkey.user_id == actor.user_id))
    handle = base64.urlsafe_b64encode((actor.user_id or UUID(int=0)).bytes).rstrip(b"=").decode()
    options = {
        "rp": {"id": door.host, "name": site},
        "user": {"id": handle, "name": actor.email, "displayName": actor.name},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "timeout": int(LIFE.total_seconds() * 1000),
        "excludeCredentials": [{"type": "public-key", "id": one} for one in known],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "none",
    }
    return Question(options, token)


def ask(secrets: Secrets, door: Door, now: datetime) -> Question:
    """Return what asks a browser for any passkey of this site."""
    challenge, token = _asked(secrets, now, "sign-in")
    options = {
        "rpId": door.host,
        "challenge": challenge,
        "timeout": int(LIFE.total_seconds() * 1000),
        "userVerification": "required",
    }
    return Question(options, token)


async def add(
    tx: Tx, actor: Actor, secrets: Secrets, check: PasskeyCheck, door: Door, token: str, answer: str, name: str
) -> None:
    """Keep a passkey that the actor's browser made; the session it was made in is as good as opened by it.

    Raises Invalid.
    """
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    challenge = await _challenge(tx, secrets, token, f"new:{actor.user_id}")
    made = check.made(door, challenge, answer)
    known = list(await tx.scalars(select(Passkey.id).where(Passkey.user_id == actor.user_id)))
    if len(known) >= MOST_KEYS:
        raise Invalid(_("{most} passkeys are enough. Take one away first.").having(most=MOST_KEYS))
    values = {
        "user_id": actor.user_id,
        "credential_id": made.credential_id,
        "public_key": made.public_key,
        "sign_count": made.sign_count,
        "name": clean_name(name)[:100] or "Passkey",
        "created_at": tx.now,
    }
    tx.add(Passkey(**values))
    if actor.session_id is not None:
        await sessions.verify(tx, actor.session_id)
    tx.record(actor, "user.add_passkey", resource_type="user", changes={}, name=values["name"])


async def sign_in(
    db: Database,
    secrets: Secrets,
    check: PasskeyCheck,
    door: Door,
    token: str,
    answer: str,
    then: Callable[[Tx, User], Awaitable[T]],
) -> T:
    """Return `then(tx, user)` for the holder of a passkey.

    Raises NotSignedIn for nobody's, Invalid for what is not true.
    """
    async with db.write() as tx:
        challenge = await _challenge(tx, secrets, token, "sign-in")
        key = await tx.scalar(select(Passkey).where(Passkey.credential_id == _named(answer)).with_for_update())
        user = await tx.get(User, key.user_id, locked=True) if key is not None else None
        if key is None or user is None or not user.is_active:
            raise NotSignedIn(UNKNOWN)
        kept = NewKey(key.credential_id, key.public_key, key.sign_count)
        key.sign_count = check.proven(door, challenge, answer, kept)
        key.used_at = tx.now
        return await then(tx, user)


def _named(answer: str) -> str:
    try:
        found = json.loads(answer)
        return str(found["id"])[:700]
    except (ValueError, TypeError, KeyError):
        raise Invalid(_("This passkey is not good here. Try again, or sign in by password.")) from None


def keys_of(connection: Connection, user_id: UUID) -> list[KeyView]:
    """Return somebody's passkeys, the newest first."""
    rows = connection.execute(
        select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.used_at)
        .where(Passkey.user_id == user_id)
        .order_by(Passkey.id.desc())
    )
    return [KeyView(*row) for row in rows]


async def remove(tx: Tx, actor: Actor, key_id: UUID) -> None:
    """Take one of the actor's passkeys away. Raises NotFound for another's."""
    key = await tx.get(Passkey, key_id, locked=True)
    if key is None or key.user_id != actor.user_id:
        raise NotFound(_("This passkey is not there any more."))
    await tx.delete(key)
    if await tx.scalar(select(Passkey.id).where(Passkey.user_id == key.user_id, Passkey.id != key.id)) is None:
        await sessions.doubt(tx, key.user_id)
    tx.record(actor, "user.remove_passkey", resource_type="user", changes={}, name=key.name)
