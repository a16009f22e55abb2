"""A gate before a broker that knows neither TLS nor passwords: it asks for both as Kafka does, then lets through.

Source: the Kafka protocol guide, SaslHandshake (key 17) and SaslAuthenticate (key 36); RFC 5802 for SCRAM.
"""

import asyncio
import base64
import hashlib
import hmac
import ssl
import struct
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.certificate import write_certificate

USER, PASSWORD = "agora", "hush, p=ss"
HASHES = {"PLAIN": "", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}
API_VERSIONS, HANDSHAKE, AUTHENTICATE = 18, 17, 36
NOT_LET_IN = 58


class Gate:
    """Listens on its own port for `behind`, the port of the broker, which has to advertise this one."""

    def __init__(self, folder: Path, port: int, behind: int, mechanism: str) -> None:
        self.certificate, self._key = write_certificate(folder)
        self._port, self._behind, self._mechanism = port, behind, mechanism
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self._key)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port, ssl=context)
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._server is not None
        self._server.close()
        for one in self._open:
            one.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._open.add(task)
        upstream = await asyncio.open_connection("127.0.0.1", self._behind)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                if await self._admit(reader, writer, upstream):
                    await asyncio.gather(_carry(reader, upstream[1]), _carry(upstream[0], writer))
        finally:
            for one in (upstream[1], writer):
                one.close()
                with suppress(OSError):
                    await one.wait_closed()

    async def _admit(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> bool:
        """Return whether whoever comes knows the password. Which requests there are, the broker may say before."""
        hashed = HASHES[self._mechanism]
        steps: Generator[bytes | None, bytes] | None = None
        while True:
            frame = await _frame(reader)
            key, version, number = struct.unpack(">hhi", frame[:8])
            body = frame[10 + struct.unpack(">h", frame[8:10])[0] :]
            if key == API_VERSIONS:
                upstream[1].write(struct.pack(">i", len(frame)) + frame)
                answer = await _frame(upstream[0])
                writer.write(struct.pack(">i", len(answer)) + answer)
            elif key == HANDSHAKE:
                wanted = body[2:].decode()
                offered = struct.pack(">hih", 0 if wanted == self._mechanism else 33, 1, len(self._mechanism))
                _tell(writer, number, offered + self._mechanism.encode())
            elif key == AUTHENTICATE:
                said = body[4:]
                if steps is None:
                    steps = _scram(hashed, said) if hashed else _plain(said)
                    answer, is_over = next(steps), not hashed
                else:
                    answer, is_over = steps.send(said), True
                code = 0 if answer is not None else NOT_LET_IN
                lasts = bytes(8) if version else b""
                _tell(writer, number, struct.pack(">hhi", code, -1, len(answer or b"")) + (answer or b"") + lasts)
                if answer is None or is_over:
                    await writer.drain()
                    return answer is not None
            else:
                return False


def _plain(said: bytes) -> Generator[bytes | None, bytes]:
    yield b"" if said.split(b"\0")[1:] == [USER.encode(), PASSWORD.encode()] else None


def _scram(hashed: str, first: bytes) -> Generator[bytes | None, bytes]:
    bare = first.removeprefix(b"n,,")
    nonce = dict(part.split(b"=", 1) for part in bare.split(b","))[b"r"] + b"more"
    salt, rounds = b"salt of the gate", 4096
    offer = b"r=%s,s=%s,i=%d" % (nonce, base64.b64encode(salt), rounds)
    final = yield offer
    without, _comma, proof = final.rpartition(b",p=")
    salted = hashlib.pbkdf2_hmac(hashed, PASSWORD.encode(), salt, rounds)
    key = hmac.digest(salted, b"Client Key", hashed)
    about = b",".join((bare, offer, without))
    signature = hmac.digest(hashlib.new(hashed, key).digest(), about, hashed)
    given = bytes(a ^ b for a, b in zip(base64.b64decode(proof), signature, strict=True))
    own = hmac.digest(hmac.digest(salted, b"Server Key", hashed), about, hashed)
    yield b"v=" + base64.b64encode(own) if given == key else None


async def _frame(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(struct.unpack(">i", await reader.readexactly(4))[0])


def _tell(writer: asyncio.StreamWriter, number: int, body: bytes) -> None:
    writer.write(struct.pack(">ii", len(body) + 4, number) + body)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
