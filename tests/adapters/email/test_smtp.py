"""Sending by SMTP, against a real server in this process that can refuse, stall and speak TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.email.outbox import open_outbox
from adapters.email.smtp import SmtpMailer, open_smtp
from engine.core.errors import Unavailable
from engine.core.site import EmailSettings
from engine.messaging.ports import Delivery, Email, MailRefused

EMAIL = Email(
    reference="0192f5d2-7f6e@shop.example",
    from_name="Kiln & Löam",
    from_address="hello@shop.example",
    to="ada@example.org",
    reply_to="answers@shop.example",
    subject="Ihre Bestellung ✓ 1042",
    html="<p>Grüße</p>" + "x" * 3000,
    text="Grüße\n.\nEnde",
    locale="de",
    written_at=datetime(2026, 6, 1, 12, tzinfo=UTC),
)


@dataclass
class Mailbox:
    """What the server took, and what it answers."""

    answer: str = "250 taken"
    recipient_answer: str = "250 ok"
    taken: list[Envelope] = field(default_factory=list)
    stalls: bool = False

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.stalls:
            await asyncio.sleep(60)
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer

    def message(self) -> Message:
        content = self.taken[-1].content
        assert isinstance(content, bytes)
        return message_from_bytes(content, policy=default)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the server's and the client's TLS context around a fresh certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=str(folder / "cert.pem"))


@asynccontextmanager
async def serving(mailbox: Mailbox, **options: Any) -> AsyncIterator[int]:
    """Run a mail server; give its port."""
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(mailbox, hostname="localhost", enable_SMTPUTF8=True, loop=loop, **options)

    server = await loop.create_server(session, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def signs_in(_server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"mara", b"kiln")
    return AuthResult(success=right, handled=right or mechanism not in ("LOGIN", "PLAIN"))


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def plain(mailbox: Mailbox) -> AsyncIterator[SmtpMailer]:
    async with serving(mailbox) as port:
        yield SmtpMailer("127.0.0.1", port, "none", timeout_seconds=5)


class TestDeliver:
    async def test_the_server_gets_both_parts_and_every_header(self, plain: SmtpMailer, mailbox: Mailbox) -> None:
        assert await plain.deliver(EMAIL) is Delivery.SENT
        message = mailbox.message()
        assert mailbox.taken[0].rcpt_tos == ["ada@example.org"]
        assert mailbox.taken[0].mail_from == "hello@shop.example"
        assert message["Subject"] == "Ihre Bestellung ✓ 1042"
        assert message["From"] == "Kiln & Löam <hello@shop.example>"
        assert message["Reply-To"] == "answers@shop.example"
        assert message["Message-ID"] == "<0192f5d2-7f6e@shop.example>"
        assert message["Auto-Submitted"] == "auto-generated"
        text, html = message.iter_parts()  # type: ignore[attr-defined]
        assert text.get_content().split() == ["Grüße", ".", "Ende"]
        assert html.get_content().startswith("<p>Grüße</p>")

    async def test_mail_programs_can_stop_letters_by_one_click(self, plain: SmtpMailer, mailbox: Mailbox) -> None:
        link = "https://shop.example/unsubscribe/comment.replies/" + "YWRhQGV4YW1wbGUub3Jn" * 15 + "/signature"
        await plain.deliver(replace(EMAIL, unsubscribe=link))
        raw = mailbox.taken[0].content
        assert isinstance(raw, bytes)
        assert f"List-Unsubscribe: <{link}>\r\n".encode() in raw.replace(b"\r\n ", b" ")
        assert mailbox.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        await plain.deliver(EMAIL)
        assert mailbox.taken[1].content is not None
        assert "List-Unsubscribe" not in str(mailbox.taken[1].content)

    async def test_the_same_message_twice_has_the_same_id(self, plain: SmtpMailer, mailbox: Mailbox) -> None:
        for _ in range(2):
            await plain.deliver(EMAIL)
        ids = {message_from_bytes(one.content)["Message-ID"] for one in mailbox.taken}  # type: ignore[arg-type]
        assert (len(mailbox.taken), len(ids)) == (2, 1)

    @pytest.mark.parametrize(
        "change",
        [
            {"to": "ada@example.org\r\nBcc: all@example.org"},
            {"from_address": "hello@shop.example\nX-Evil: 1"},
            {"reply_to": "a@b.example\r\n\r\n<script>"},
            {"subject": "Hello\r\nBcc: all@example.org"},
            {"from_name": "Mara\r\nBcc: all@example.org"},
            {"reference": "x@y>\r\nBcc: all@example.org"},
        ],
    )
    async def test_nothing_can_be_smuggled_into_a_header(
        self, plain: SmtpMailer, mailbox: Mailbox, change: dict[str, str]
    ) -> None:
        with pytest.raises(MailRefused):
            await plain.deliver(replace(EMAIL, **change))
        assert mailbox.taken == []

    async def test_a_host_in_another_script_is_written_in_ascii(self, plain: SmtpMailer, mailbox: Mailbox) -> None:
        await plain.deliver(replace(EMAIL, to="ada@bücher.example"))
        assert mailbox.taken[0].rcpt_tos == ["ada@xn--bcher-kva.example"]

    @pytest.mark.parametrize("place", ["answer", "recipient_answer"])
    @pytest.mark.parametrize(("reply", "kind"), [("451 later, please", Unavailable), ("550 no such box", MailRefused)])
    async def test_a_4xx_is_tried_again_and_a_5xx_is_not(
        self, plain: SmtpMailer, mailbox: Mailbox, place: str, reply: str, kind: type[Exception]
    ) -> None:
        setattr(mailbox, place, reply)
        with pytest.raises(kind, match=reply[:3]):
            await plain.deliver(EMAIL)

    async def test_a_server_that_is_not_there_may_come_back(self) -> None:
        with pytest.raises(Unavailable, match="cannot be reached"):
            await SmtpMailer("127.0.0.1", 1, "none", timeout_seconds=2).deliver(EMAIL)

    async def test_a_server_that_stalls_is_not_waited_for(self, mailbox: Mailbox) -> None:
        mailbox.stalls = True
        async with serving(mailbox) as port:
            mailer = SmtpMailer("127.0.0.1", port, "none", timeout_seconds=0.3)
            with pytest.raises(Unavailable):
                await mailer.deliver(EMAIL)


class TestEncryption:
    async def test_starttls_with_signing_in(self, mailbox: Mailbox, tmp_path: Path) -> None:
        server, client = certificate(tmp_path)
        options = {"tls_context": server, "require_starttls": True, "authenticator": signs_in, "auth_required": True}
        async with serving(mailbox, **options) as port:
            mailer = SmtpMailer("localhost", port, "starttls", "mara", "kiln", 5, client)
            assert await mailer.deliver(EMAIL) is Delivery.SENT

    async def test_a_wrong_password_is_not_tried_again(self, mailbox: Mailbox, tmp_path: Path) -> None:
        server, client = certificate(tmp_path)
        async with serving(mailbox, tls_context=server, authenticator=signs_in, auth_required=True) as port:
            mailer = SmtpMailer("localhost", port, "starttls", "mara", "wrong", 5, client)
            with pytest.raises(MailRefused, match="535"):
                await mailer.deliver(EMAIL)
        assert mailbox.taken == []

    async def test_a_server_without_starttls_never_gets_the_message_in_the_clear(self, mailbox: Mailbox) -> None:
        async with serving(mailbox) as port:
            mailer = SmtpMailer("127.0.0.1", port, "starttls", "mara", "kiln", 5)
            with pytest.raises(MailRefused, match="does not offer"):
                await mailer.deliver(EMAIL)
        assert mailbox.taken == []

    async def test_a_certificate_that_nobody_vouches_for_is_refused(self, mailbox: Mailbox, tmp_path: Path) -> None:
        server, _client = certificate(tmp_path)
        async with serving(mailbox, tls_context=server) as port:
            mailer = SmtpMailer("localhost", port, "starttls", timeout_seconds=5)
            with pytest.raises(Unavailable, match="certificate"):
                await mailer.deliver(EMAIL)


class TestOpen:
    @pytest.mark.parametrize(
        ("given", "port", "encryption"),
        [
            ({}, 587, "starttls"),
            ({"port": "465"}, 465, "tls"),
            ({"encryption": "tls"}, 465, "tls"),
            ({"encryption": "none", "port": "2525"}, 2525, "none"),
        ],
    )
    def test_the_port_follows_from_the_encryption_and_the_other_way_round(
        self, given: dict[str, str], port: int, encryption: str
    ) -> None:
        settings = EmailSettings(provider="smtp", credentials={"host": "mail.example.org", **given})
        mailer = open_smtp(settings)
        assert (mailer.port, mailer.encryption) == (port, encryption)

    async def test_the_outbox_keeps_what_it_is_given(self) -> None:
        assert await open_outbox(EmailSettings()).deliver(EMAIL) is Delivery.KEPT
