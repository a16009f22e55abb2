"""A second place in object storage: S3 and what speaks as it does, or Azure."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, S3Store

from engine.core.errors import NotFound, Unavailable
from engine.core.i18n import _
from engine.operations.backups.ports import Kept

#: A store that does not answer fails a request in seconds; a block that is on its way may take a minute.
PATIENCE: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=8)}
CLIENT: dict[str, Any] = {"connect_timeout": "3s", "timeout": "60s"}
BLOCK = 8 * 1024 * 1024
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Keys:
    """How a bucket is reached. endpoint: empty for AWS; keys are empty where the machine's role may write."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class Account:
    """How a container is reached. endpoint: empty for Azure itself, else such as an emulator's."""

    name: str
    key: str
    endpoint: str = ""


def open_s3(bucket: str, prefix: str, keys: Keys) -> "ObjectPlace":
    """Return the place below a prefix of a bucket."""
    given: dict[str, Any] = {"region": keys.region or "us-east-1"}
    if keys.endpoint:
        given["endpoint"] = keys.endpoint.rstrip("/")
    if keys.access_key:
        given |= {"access_key_id": keys.access_key, "secret_access_key": keys.secret_key}
    client = {**CLIENT, "allow_http": keys.endpoint.startswith("http://")}
    store = S3Store(
        bucket, prefix=prefix or None, client_options=client, retry_config=PATIENCE, **given  # type: ignore[arg-type]
    )  # fmt: skip
    return ObjectPlace(f"s3://{bucket}/{prefix}", store)


def open_azure(container: str, prefix: str, account: Account) -> "ObjectPlace":
    """Return the place below a prefix of a container."""
    given: dict[str, Any] = {"account_name": account.name, "account_key": account.key}
    if account.endpoint:
        given["endpoint"] = account.endpoint
    client = {**CLIENT, "allow_http": account.endpoint.startswith("http://")}
    store = AzureStore(
        container, prefix=prefix or None, client_options=client, retry_config=PATIENCE, **given  # type: ignore[arg-type]
    )  # fmt: skip
    return ObjectPlace(f"azure://{container}/{prefix}", store)


class ObjectPlace:
    """Keeps backups below a prefix of a store."""

    folder: Path | None = None

    def __init__(self, shown: str, store: S3Store | AzureStore) -> None:
        self.shown = shown.rstrip("/")
        self._store = store

    def kept(self, below: str = "") -> Sequence[Kept]:
        """Return what lies right below the prefix, or all that lies below a folder."""
        with self._said():
            if not below:
                found = obstore.list_with_delimiter(self._store)["objects"]
                return [Kept(str(one["path"]), one["size"]) for one in found]
            batches = obstore.list(self._store, f"{below}/", chunk_size=500)
            return [Kept(str(one["path"]), one["size"]) for batch in batches for one in batch]

    def put(self, name: str, source: Path) -> None:
        """Send a file in blocks."""
        with self._said():
            is_large = source.stat().st_size > BLOCK
            obstore.put(
                self._store, name, source, use_multipart=is_large, chunk_size=BLOCK, max_concurrency=AT_ONCE
            )  # fmt: skip

    def fetch(self, name: str, target: Path) -> None:
        """Take a file from there in blocks."""
        with self._said():
            try:
                found = obstore.get(self._store, name)
            except FileNotFoundError:
                raise NotFound(_("There is no backup “{name}”."), name=name[:100]) from None
            with target.open("xb") as file:
                target.chmod(0o600)
                for block in found.stream(min_chunk_size=BLOCK // 8):
                    file.write(block)

    def remove(self, name: str) -> None:
        """Delete a file or a folder, where it is there."""
        with self._said():
            below = [str(one["path"]) for batch in obstore.list(self._store, f"{name}/") for one in batch]
            for path in below or [name]:
                try:
                    obstore.delete(self._store, path)
                except FileNotFoundError:
                    continue

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:  # a bucket that is not there counts as a file not found
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise Unavailable(
                _("The second place for backups, {place}, cannot be used: {reason}."), place=self.shown, reason=reason
            ) from error
