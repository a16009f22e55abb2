"""What messaging asks of the world: a renderer that turns a template into words, a mailer that takes them away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from engine.core.errors import AgoraError
from engine.core.settings import Site
from engine.core.site import EmailSettings


class MailRefused(AgoraError):
    """The provider will take this message neither now nor later; where it may later, the error is Unavailable."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words: one line of subject, and the same content as HTML and as plain text."""

    subject: str
    html: str
    text: str


class Renderer(Protocol):
    """Fills templates with values, in the organisation's name and looks."""

    def render(self, template: str, contents: Mapping[str, Any], site: Site, locale: str) -> Rendered:
        """Return the message. Raises NotFound for a template that nobody offers."""
        ...


@dataclass(frozen=True, slots=True)
class Email:
    """One message ready to leave. Addresses are bare; `reference` is the Message-ID without its brackets."""

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


class Delivery(StrEnum):
    """What a mailer did with a message."""

    SENT = "sent"
    KEPT = "kept"


class Mailer(Protocol):
    """Takes one message away. Raises Unavailable when trying later may help, MailRefused when it will not."""

    async def deliver(self, email: Email) -> Delivery: ...


#: Opens the mailer that a provider's name stands for, with the organisation's settings for it.
OpenMailer = Callable[[EmailSettings], Mailer]
