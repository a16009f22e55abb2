"""What messaging asks of the world: a renderer that turns a template into words, a mailer that takes them away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from engine.core.domain import EmailTemplate
from engine.core.errors import AgoraError
from engine.core.i18n import Message as Words
from engine.core.i18n import _
from engine.core.settings import Site
from engine.core.site import EmailSettings


class MailRefused(AgoraError):
    """The provider will take this message neither now nor later; where it may later, the error is Unavailable."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: one line of subject, one that stands beside it, and the content as HTML and plain text.

    unsubscribe: the whole address of the page that stops such letters, where its values name one (`unsubscribe_url`).
    """

    subject: str
    html: str
    text: str
    preheader: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What people can say in a message, in the letters' language (`ui/emails/README.md`); empty: as it comes."""

    subject: str = ""
    preheader: str = ""
    body: str = ""

    def over(self, other: "Wording") -> "Wording":
        """Return these words, and the other's where these are empty."""
        return Wording(self.subject or other.subject, self.preheader or other.preheader, self.body or other.body)


#: The fields of a wording, in their order.
WORDED = ("subject", "preheader", "body")
#: What every letter knows of the house.
HOUSE_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "site": _("Your name"),
        "site_url": _("Your site’s address"),
        "contact_email": _("Your e-mail address"),
        "phone": _("Your phone number"),
        "tagline": _("Your tagline"),
    }
)


class Renderer(Protocol):
    """Fills templates with values, in the organisation's name and looks."""

    def render(
        self, template: str, contents: Mapping[str, Any], site: Site, locale: str, wording: Wording | None = None
    ) -> Rendered:
        """Return the message. Raises NotFound for a template that nobody offers, Invalid for words of no use."""
        ...

    def wording(self, template: str, locale: str) -> Wording:
        """Return the words that come with a template. Raises NotFound."""
        ...

    def check(self, offered: EmailTemplate, wording: Wording, site: Site) -> None:
        """Raise Invalid naming every field that cannot be used, its line, and what to do."""
        ...


@dataclass(frozen=True, slots=True)
class Email:
    """One message ready to leave. Addresses are bare; `reference` is the Message-ID without its brackets.

    unsubscribe: where one click stops such letters (RFC 8058), or empty.
    """

    reference: str
    from_name: str
    from_address: str
    to: str
    reply_to: str
    subject: str
    html: str
    text: str
    locale: str
    written_at: datetime
    unsubscribe: str = ""


class Delivery(StrEnum):
    """What a mailer did with a message."""

    SENT = "sent"
    KEPT = "kept"


class Mailer(Protocol):
    """Takes one message away. Raises Unavailable when trying later may help, MailRefused when it will not."""

    async def deliver(self, email: Email) -> Delivery: ...


#: Opens the mailer that a provider's name stands for, with the organisation's settings for it.
OpenMailer = Callable[[EmailSettings], Mailer]
