"""New keys: what was encrypted is encrypted anew, and everybody signs in again.

The new keys are written first, beside the former one, then what is stored is encrypted anew in one transaction, and
last the former key goes: killed at any step, everything can still be read, and the same command ends it. It goes on
with the keys that were made then: newer ones would have no place for the key that still closes what is stored.
"""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update

from engine.accounts.models import OneTimeLink, RefreshToken, SecondStep, Session, User
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.jobs import Job
from engine.core.secrets import Secrets, is_encrypted, make_secrets, rotated, write_secrets
from engine.core.settings import SETTINGS_ID, SettingsUpdated, SiteSetting
from engine.core.transaction import Tx

#: The guide's section 19: quarterly.
QUARTER_DAYS = 92


async def rotate(db: Database, folder: Path, kept: Secrets, *, links: bool = False) -> int:
    """Give the installation new keys, end every session and token; return how many secrets were encrypted anew.

    links: also those in links that were sent, such as to an order's page: they lead nowhere then.
    """
    made = _begun(kept, links=links) if kept.former_key else rotated(kept, links=links)
    write_secrets(folder, made)
    async with db.write() as tx:
        count = await _encrypt_anew(tx, made, kept)
        await tx.execute(delete(Session))
        await tx.execute(delete(OneTimeLink))
        await tx.execute(update(RefreshToken).where(RefreshToken.revoked_at.is_(None)).values(revoked_at=tx.now))
        await tx.execute(update(User).values(tokens_from=tx.now))
        tx.record(Actor.system("agora secrets"), "secrets.rotate", resource_type="secrets", changes={}, secrets=count)
        tx.publish(SettingsUpdated(SETTINGS_ID, "secrets"))
    write_secrets(folder, replace(made, former_key=""))
    return count


def _begun(kept: Secrets, *, links: bool) -> Secrets:
    """Return the keys of a rotation that was cut short."""
    return replace(kept, link_secret=make_secrets().link_secret) if links else kept


async def _encrypt_anew(tx: Tx, made: Secrets, kept: Secrets) -> int:
    """Encrypt every secret of the settings, and of jobs that wait, with the new key."""
    count = 0

    def again(value: Any) -> Any:
        nonlocal count
        match value:
            case str() if is_encrypted(value):
                count += 1
                return made.encrypt(kept.decrypt(value))
            case dict():
                return {name: again(one) for name, one in value.items()}
            case list():
                return [again(one) for one in value]
            case _:
                return value

    for setting in await tx.scalars(select(SiteSetting).with_for_update()):
        setting.value = again(setting.value)
    for step in await tx.scalars(select(SecondStep)):
        step.secret = again(step.secret)
    for job in await tx.scalars(select(Job).where(Job.finished_at.is_(None))):
        job.payload = again(job.payload)
    return count


def must_rotate(secrets: Secrets, now: datetime) -> bool:
    """Return whether the keys are older than a quarter of a year."""
    return bool(secrets.made_on) and (now.date() - date.fromisoformat(secrets.made_on)).days > QUARTER_DAYS
