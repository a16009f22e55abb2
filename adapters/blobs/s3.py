"""Files in S3, and in what speaks as it does: MinIO, Cloudflare R2, Wasabi."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from obstore.store import S3Store

from adapters.blobs.objects import Bucket, ObjectBlobStore
from adapters.blobs.presigning import S3Signer
from engine.core.ports import Clock

#: A store that does not answer fails a request in seconds, not in minutes.
PATIENCE: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=8)}
CLIENT: dict[str, Any] = {"connect_timeout": "3s", "timeout": "60s"}


#: Cloudflare's own address never answers strangers; a public one is set up beside it.
R2 = ".r2.cloudflarestorage.com"


@dataclass(frozen=True, slots=True)
class S3Place:
    """endpoint: empty for AWS. Keys are empty where the machine's role may write. public_url: a CDN or public host."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str
    media_bucket: str
    private_bucket: str
    public_url: str = ""


def open_s3(place: S3Place, *, is_public: Callable[[str], bool], clock: Clock) -> ObjectBlobStore:
    """Return the store. Without public_url an endpoint of one's own serves the public bucket; AWS and R2 sign."""
    public, private = (_bucket(place, name) for name in (place.media_bucket, place.private_bucket))
    is_open = bool(place.endpoint) and not place.endpoint.rstrip("/").endswith(R2)
    base = place.public_url or (f"{place.endpoint.rstrip('/')}/{place.media_bucket}" if is_open else "")
    return ObjectBlobStore(place.endpoint or "S3", public, private, is_public=is_public, public_base=base, clock=clock)


def open_below(place: S3Place, prefix: str, clock: Clock) -> ObjectBlobStore:
    """Return a store that keeps all of its files below a prefix of the private bucket, for nobody else to read."""
    one = Bucket(_bucket(place, place.private_bucket, prefix).store, None)
    return ObjectBlobStore(place.endpoint or "S3", one, one, is_public=lambda _key: False, public_base="", clock=clock)


def _bucket(place: S3Place, name: str, prefix: str = "") -> Bucket:
    given: dict[str, Any] = {"region": place.region}
    if place.endpoint:
        given["endpoint"] = place.endpoint.rstrip("/")
    if place.access_key:
        given |= {"access_key_id": place.access_key, "secret_access_key": place.secret_key}
    client = {**CLIENT, "allow_http": place.endpoint.startswith("http://")}
    store = S3Store(name, prefix=prefix or None, client_options=client, retry_config=PATIENCE, **given)  # type: ignore[arg-type]
    host = place.endpoint.rstrip("/") or f"https://s3.{place.region}.amazonaws.com"
    signer = S3Signer(f"{host}/{name}", place.region, place.access_key, place.secret_key) if place.access_key else None
    return Bucket(store, signer)
