"""Files in Azure Blob Storage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from obstore.store import AzureStore

from adapters.blobs.objects import Bucket, ObjectBlobStore
from adapters.blobs.presigning import AzureSigner
from engine.core.ports import Clock

PATIENCE: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=8)}
CLIENT: dict[str, Any] = {"connect_timeout": "3s", "timeout": "60s"}


@dataclass(frozen=True, slots=True)
class AzurePlace:
    """An account and its two containers. endpoint: empty for Azure itself, else such as an emulator's."""

    account: str
    account_key: str
    media_container: str
    private_container: str
    endpoint: str = ""
    public_url: str = ""


def open_azure(place: AzurePlace, *, is_public: Callable[[str], bool], clock: Clock) -> ObjectBlobStore:
    """Return the store; the media container is to allow public access to its blobs."""
    host = place.endpoint.rstrip("/") or f"https://{place.account}.blob.core.windows.net"
    public, private = (_bucket(place, host, name) for name in (place.media_container, place.private_container))
    base = place.public_url or f"{host}/{place.media_container}"
    return ObjectBlobStore("Azure", public, private, is_public=is_public, public_base=base, clock=clock)


def open_below(place: AzurePlace, prefix: str, clock: Clock) -> ObjectBlobStore:
    """Return a store that keeps all of its files below a prefix of the private container, for nobody else to read."""
    host = place.endpoint.rstrip("/") or f"https://{place.account}.blob.core.windows.net"
    one = Bucket(_bucket(place, host, place.private_container, prefix).store, None)
    return ObjectBlobStore("Azure", one, one, is_public=lambda _key: False, public_base="", clock=clock)


def _bucket(place: AzurePlace, host: str, name: str, prefix: str = "") -> Bucket:
    given: dict[str, Any] = {"account_name": place.account, "account_key": place.account_key}
    if place.endpoint:
        given["endpoint"] = host
    client = {**CLIENT, "allow_http": host.startswith("http://")}
    store = AzureStore(name, prefix=prefix or None, client_options=client, retry_config=PATIENCE, **given)  # type: ignore[arg-type]
    return Bucket(store, AzureSigner(f"{host}/{name}", place.account, name, place.account_key))
