"""A mail server of the harness: it keeps every letter that it said it had taken, whatever becomes of who sent it."""

import threading
from collections import Counter
from email import message_from_bytes
from email.policy import default
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.programs import free_port


class PostOffice:
    """`taken`: how often each letter came, by (Message-ID, recipient)."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        named = str(message_from_bytes(content, policy=default)["Message-ID"]).strip("<>")
        with self._lock:
            self.taken.update((named, address) for address in envelope.rcpt_tos)
        return "250 taken"
