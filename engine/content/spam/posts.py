"""The verb that judges what came: it reads what is known, asks for a verdict, and leaves a trace."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Any

from sqlalchemy import delete, func, select

from engine.content.spam import folding
from engine.content.spam.judging import Post, Seen, Verdict, judge
from engine.content.spam.learning import words_of
from engine.content.spam.lessons import knowledge
from engine.content.spam.models import SpamTrace
from engine.core.actor import Actor
from engine.core.running import JobKind, JobRun
from engine.core.secrets import Secrets
from engine.core.spamsettings import SpamSettings
from engine.core.tables import table_of
from engine.core.transaction import Tx

HOUR = timedelta(hours=1)
LIFE = timedelta(days=2)


async def judged(tx: Tx, actor: Actor, secrets: Secrets, settings: SpamSettings, post: Post) -> Verdict:
    """Return the verdict on a post, and remember that it came. The verb that keeps the post calls it once."""
    trace = _trace(actor, secrets, post)
    verdict = judge(
        post, await _seen(tx, trace), await knowledge(tx, words_of(post.text, post.author, post.email)), settings
    )
    tx.add(SpamTrace(**trace, created_at=tx.now))
    return verdict


def _trace(actor: Actor, secrets: Secrets, post: Post) -> dict[str, str]:
    """Return who and what a post is, as hashes that only this installation can make; empty for nothing."""

    def keyed(purpose: str, text: str) -> str:
        return secrets.signature(purpose, text) if text else ""

    author = str(actor.user_id) if actor.user_id else folding.folded(post.email or post.author).strip()
    return {
        "address": keyed("spam-address", network_of(actor.ip_address)),
        "author": keyed("spam-author", author),
        "words": keyed("spam-words", " ".join(folding.words(post.text))),
    }


def network_of(address: str | None) -> str:
    """Return what one sender holds: an IPv4 address, or the 64 bits that a provider gives to one home."""
    if not address:
        return ""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return address


async def _seen(tx: Tx, trace: dict[str, str]) -> Seen:
    """Return what came before from there, from them, and in these words."""
    table = table_of(SpamTrace)

    def count(*conditions: Any) -> Any:
        return select(func.count()).select_from(table).where(*conditions).scalar_subquery()

    hour, life = table.c.created_at > tx.now - HOUR, table.c.created_at > tx.now - LIFE
    same = table.c.words == trace["words"], table.c.words != "", life
    row = (
        await tx.execute(
            select(
                count(table.c.address == trace["address"], table.c.address != "", hour),
                count(table.c.author == trace["author"], table.c.author != "", hour),
                count(*same, table.c.author == trace["author"]),
                count(*same, table.c.author != trace["author"]),
            )
        )
    ).one()
    return Seen(*row)


async def forget_traces(job: JobRun) -> dict[str, int]:
    """Forget traces after two days; return how many."""
    async with job.db.write() as tx:
        done = await tx.execute(delete(SpamTrace).where(SpamTrace.created_at < tx.now - LIFE))
    return {"forgotten": done.rowcount}  # type: ignore[attr-defined]


FORGET = JobKind("spam.forget_traces", forget_traces, every=timedelta(hours=6))
