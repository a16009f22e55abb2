"""Whether an entry is spam: a field that nobody sees, the time it took, links, and how many come from one place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from engine.content.forms.models import FormEntry
from engine.core.i18n import Message, _
from engine.core.transaction import Tx

TRAP = "homepage"
QUICKEST = timedelta(seconds=2)
MOST_LINKS = 5
MOST_AN_HOUR = 10
_link = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sending:
    """What is known of how an entry came. age: how long the form was open, None where nothing proves it."""

    text: str
    origin: str
    trap: str = ""
    age: timedelta | None = None
    asks_age: bool = True


_SENTENCES: Mapping[str, Message] = {
    "trap": _("It filled a field that people cannot see."),
    "fast": _("It was sent {seconds} seconds after its form was opened."),
    "links": _("It has {links} links; {most} are fine."),
    "address_rate": _("{count} came from this network address within an hour."),
}


def said(reason: Mapping[str, Any]) -> Message:
    """Return a reason's sentence."""
    sentence = _SENTENCES.get(str(reason["code"]))
    return sentence.having(**reason["values"]) if sentence else _("Held: {code}.").having(code=reason["code"])


async def reasons(tx: Tx, sent: Sending) -> Sequence[dict[str, object]]:
    """Return why an entry is taken for spam; nothing where it is not."""
    found: list[dict[str, object]] = []
    if sent.trap.strip():
        found.append({"code": "trap", "values": {}})
    if sent.asks_age and (sent.age is None or sent.age < QUICKEST):
        found.append({"code": "fast", "values": {"seconds": int(sent.age.total_seconds()) if sent.age else 0}})
    if (links := len(_link.findall(sent.text))) > MOST_LINKS:
        found.append({"code": "links", "values": {"links": links, "most": MOST_LINKS}})
    if sent.origin:
        recent = select(func.count()).where(
            FormEntry.origin == sent.origin, FormEntry.created_at > tx.now - timedelta(hours=1)
        )
        if (count := await tx.scalar(recent) or 0) >= MOST_AN_HOUR:
            found.append({"code": "address_rate", "values": {"count": count + 1}})
    return found
