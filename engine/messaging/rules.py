"""Decisions about a message that need no database: who it is from, where it goes, when its turn comes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from engine.core.i18n import Message, _
from engine.core.settings import Site
from engine.core.site import EmailSettings

HOUR = timedelta(hours=1)
#: What holds a secret and could not be sent is erased after this; the links in it have run out by then.
SECRET_LIFE = timedelta(hours=24)
OUTBOX = "outbox"
MAX_SUBJECT = 300
SWITCHED_OFF = _("This letter is switched off. Switch it on in E-mail templates, then send this again.")
_controls = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose name stands on the envelope; `reply_to` is empty where answers go to the sender."""

    name: str
    address: str
    reply_to: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def one_line(text: str, limit: int = MAX_SUBJECT) -> str:
    """Return text fit for a header: on one line, without control characters, cut at `limit`."""
    line = " ".join(_controls.sub(" ", text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def sender_of(site: Site) -> Sender:
    """Return who writes: the sender that the settings name, else the organisation's own address."""
    email, general = site.email, site.general
    address = email.from_email or general.contact_email
    if not address and email.provider == OUTBOX:
        address = f"noreply@{urlsplit(general.site_url).hostname or 'localhost'}"
    return Sender(one_line(email.from_name or general.site_name, 100), address, email.reply_to_email)


def reason_to_hold(site: Site) -> Message | None:
    """Return why no message may leave now, or None."""
    if not site.email.enabled:
        return _("E-mail is switched off. Switch it on in Settings, E-mail, then send this again.")
    if site.email.test_mode and not site.email.test_recipient:
        return _("Test mode is on and has no recipient. Name one in Settings, E-mail, then send this again.")
    if not sender_of(site).address:
        return _("There is no address to send from. Set one in Settings, E-mail, then send this again.")
    return None


def destination(email: EmailSettings, recipient: str) -> str:
    """Return where a message really goes: in test mode to the test recipient."""
    return email.test_recipient if email.test_mode else recipient


def turn(counted: Sequence[datetime], ahead: int, limit: int) -> datetime | None:
    """Return when a message's turn comes under the hourly limit, or None for now.

    counted: when those of the last hour were counted, the earliest first. ahead: how many wait before this one.
    """
    if len(counted) < limit:
        return None
    recent = counted[-limit:]
    return recent[ahead % limit] + HOUR * (1 + ahead // limit)
