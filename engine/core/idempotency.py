"""Idempotency keys: the row is inserted first in the transaction that acts, and replayed to whoever repeats it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.errors import Invalid, KeyReused
from engine.core.i18n import _
from engine.core.tables import Base, Json, table_of
from engine.core.transaction import Tx

MAX_KEY = 200


class IdempotencyKey(Base):
    """What was answered to a request that must not act twice. `scope`: the act and who asked for it."""

    __tablename__ = "idempotency_keys"

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Once:
    """The caller's claim to act once. `replay`: what was answered the first time, or None for the first."""

    scope: str
    key: str
    replay: dict[str, Any] | None


async def begin(tx: Tx, scope: str, key: str, request: Mapping[str, Any]) -> Once:
    """Take the key, or learn what was answered under it; a second transaction waits here for the first one's end.

    Raises KeyReused when the key came with another request before, Invalid when it is no key.
    """
    if not key or len(key) > MAX_KEY or not key.isprintable():
        message = _("Send an Idempotency-Key of 1 to 200 printable characters, a new one for each act.")
        raise Invalid(message, {"Idempotency-Key": message})
    text = json.dumps(request, sort_keys=True, separators=(",", ":"), default=str)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    values = {"scope": scope, "key": key, "fingerprint": fingerprint, "result": None, "created_at": tx.now}
    if await tx.insert_new(IdempotencyKey, values):
        return Once(scope, key, None)
    row = await tx.get(IdempotencyKey, (scope, key), locked=True)
    assert row is not None  # noqa: S101 - the insert just met it
    if row.fingerprint != fingerprint:
        raise KeyReused(_("The Idempotency-Key “{key}” came with another request before. Send a new key."), key=key)
    return Once(scope, key, row.result or {})


async def finish(tx: Tx, once: Once, result: Mapping[str, Any]) -> None:
    """Keep what a repeat is answered."""
    await tx.execute(_KEEP, {"in_scope": once.scope, "under": once.key, "result": dict(result)})


async def forget(tx: Tx, before: datetime) -> None:
    """Drop keys that were taken before a moment: nobody repeats those."""
    await tx.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))


_TABLE = table_of(IdempotencyKey)
_KEEP = (
    update(_TABLE)
    .where(_TABLE.c.scope == bindparam("in_scope"), _TABLE.c.key == bindparam("under"))
    .values(result=bindparam("result", type_=_TABLE.c.result.type))
)
