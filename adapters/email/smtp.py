"""Sending by SMTP: STARTTLS, TLS or neither, with or without signing in."""

import ssl
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

from adapters.email.mime import mime_of
from engine.core.errors import Unavailable
from engine.core.i18n import _
from engine.core.site import EmailSettings
from engine.messaging.ports import Delivery, Email, MailRefused

TIMEOUT_SECONDS = 20.0
PORTS = {"starttls": 587, "tls": 465, "none": 25}
#: 421 and 45x ask for another try; from here on a reply means no (RFC 5321, section 4.2.1).
PERMANENT = 500


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """One mail server. tls_context: for servers whose certificate the system does not know (tests)."""

    host: str
    port: int
    encryption: Literal["starttls", "tls", "none"]
    username: str = ""
    password: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS
    tls_context: ssl.SSLContext | None = None

    async def deliver(self, email: Email) -> Delivery:
        """Hand the message over. Raises Unavailable to be tried again, MailRefused where that would not help."""
        message = mime_of(email)
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.encryption == "tls",
            start_tls=self.encryption == "starttls",
            username=self.username or None,
            password=self.password or None,
            timeout=self.timeout_seconds,
            tls_context=self.tls_context,
            local_hostname=email.from_address.rpartition("@")[2] or "localhost",
        )
        try:
            async with client:
                await client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            raise _refusal(first.code, first.message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            reason = str(error).rstrip(".") or type(error).__name__
            if isinstance(error, aiosmtplib.SMTPNotSupported) or type(error) is aiosmtplib.SMTPException:
                raise MailRefused(
                    _("The mail server {host} does not offer what the settings ask for: {reason}. Check encryption."),
                    host=self.host,
                    reason=reason,
                ) from error
            raise Unavailable(
                _("The mail server {host}:{port} cannot be reached: {reason}."),
                host=self.host,
                port=self.port,
                reason=reason,
            ) from error
        return Delivery.SENT


def _refusal(code: int, reply: str) -> MailRefused | Unavailable:
    words = " ".join(reply.split())
    if code >= PERMANENT:
        return MailRefused(
            _("The mail server refused it: {code} {reply}. Correct the cause, then send it again."),
            code=code,
            reply=words,
        )
    return Unavailable(_("The mail server asks to try later: {code} {reply}."), code=code, reply=words)


def open_smtp(settings: EmailSettings) -> SmtpMailer:
    """Return the mailer that the credentials describe: host, port, encryption, username, password."""
    given = settings.credentials
    encryption = given.get("encryption") or ("tls" if given.get("port") == "465" else "starttls")
    return SmtpMailer(
        host=given.get("host", ""),
        port=int(given.get("port") or PORTS[encryption]),
        encryption=encryption,  # type: ignore[arg-type]
        username=given.get("username", ""),
        password=given.get("password", ""),
    )
