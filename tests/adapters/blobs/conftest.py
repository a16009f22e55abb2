"""Every file store, empty. Azure's by its emulator where `azurite-blob` (npm: azurite) is installed; it is large."""

import base64
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from uuid import uuid4

import httpx
import pytest

from adapters.blobs.azure import AzurePlace, open_azure
from adapters.blobs.local import LocalBlobStore
from adapters.blobs.objects import ObjectBlobStore
from adapters.blobs.s3 import S3Place, open_s3
from engine.core.ports import BlobStore, SystemClock
from engine.media.public import is_public_key
from tests.neighbours import s3_place
from tests.programs import Program, found, free_port

#: The emulator's published account and key.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def s3_store(place: S3Place) -> ObjectBlobStore:
    """Return the store at this place."""
    return open_s3(place, is_public=is_public_key, clock=SystemClock())


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


STORES = ["local", "s3", *(["azure"] if which("azurite-blob") else [])]


@pytest.fixture(params=STORES)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "local":
        return LocalBlobStore(tmp_path / "files")
    if request.param == "azure":
        place = azure_place(request.getfixturevalue("azure_server"))
        return open_azure(place, is_public=is_public_key, clock=SystemClock())
    return s3_store(s3_place(request.getfixturevalue("s3_server")))
