"""A message as it crosses the wire: MIME, headers that nothing can be smuggled into."""

from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy

import idna

from engine.core.i18n import _
from engine.messaging.ports import Email, MailRefused


class WholeLine(UnstructuredHeader):
    """A header on one line: an address that is folded or encoded is none any more."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header as it stands."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", WholeLine)  # type: ignore[arg-type]
_ASCII, _UNICODE = (one.clone(header_factory=_HEADERS) for one in (SMTP, SMTPUTF8))


def mime_of(email: Email) -> EmailMessage:
    """Return the message with a plain and an HTML part. Raises MailRefused for what cannot stand in a header."""
    try:
        return _mime_of(email)
    except ValueError as error:
        raise MailRefused(_("The message has a header that cannot be sent: {reason}."), reason=str(error)) from error


def _mime_of(email: Email) -> EmailMessage:
    to, sender = address(email.to), address(email.from_address, email.from_name)
    is_ascii = all(one.addr_spec.isascii() for one in (to, sender))
    message = EmailMessage(policy=_ASCII if is_ascii else _UNICODE)
    message["From"] = sender
    message["To"] = to
    if email.reply_to:
        message["Reply-To"] = address(email.reply_to)
    message["Subject"] = email.subject
    message["Date"] = email.written_at
    message["Message-ID"] = f"<{email.reference}>"
    message["Content-Language"] = email.locale.replace("_", "-")
    if email.unsubscribe:
        message["List-Unsubscribe"] = f"<{email.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(email.html, subtype="html", cte="quoted-printable")
    return message


def address(text: str, name: str = "") -> Address:
    """Return an address for a header; its host in ASCII (IDNA). Raises MailRefused for what is none."""
    local, _at, host = text.rpartition("@")
    try:
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
        return Address(display_name=name, username=local, domain=host)
    except (ValueError, IndexError, idna.IDNAError) as error:
        raise MailRefused(
            _("“{address}” is not an address that mail can go to. Correct it, then send this again."), address=text
        ) from error
