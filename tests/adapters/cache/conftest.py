"""Every cache, empty, and the Redis server that one of them speaks to."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.cache.disk import DiskCache
from adapters.cache.memory import MemoryCache
from adapters.cache.redis import RedisCache
from engine.core.ports import Cache, SystemClock
from tests.certificate import write_certificate
from tests.programs import Program, found, free_port

PASSWORD = "hush/hush"


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A Redis that speaks TLS only and wants a password, as managed ones do."""
    folder = tmp_path_factory.mktemp("redis")
    certificate, key = write_certificate(folder)
    port = free_port()
    options = {
        "port": "0", "tls-port": str(port), "bind": "127.0.0.1", "requirepass": PASSWORD, "save": "",
        "dir": str(folder),
        "tls-cert-file": str(certificate), "tls-key-file": str(key), "tls-auth-clients": "no",
    }  # fmt: skip
    given = [word for name, value in options.items() for word in (f"--{name}", value)]
    server = Program([found("redis-server", "Debian: redis-server"), *given], port, folder)
    server.start()
    yield server
    server.stop()


def redis_url(server: Program) -> str:
    """Return the server's address as REDIS_URL has it."""
    return f"rediss://:hush%2Fhush@127.0.0.1:{server.port}/0?ssl_ca_certs={server.folder / 'certificate.pem'}"


@pytest.fixture(params=["memory", "disk", "redis"])
async def cache(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Cache]:
    made: Cache
    match request.param:
        case "memory":
            made = MemoryCache(SystemClock())
        case "disk":
            made = DiskCache(tmp_path / "cache")
        case _:
            made = RedisCache(redis_url(request.getfixturevalue("redis_server")))
    yield made
    await made.close()
