"""Second places for backups: a folder, or below a prefix of S3 or Azure, by the keys of the settings or the process."""

from importlib import import_module
from pathlib import Path
from typing import Any

from adapters.backups.folder import FolderPlace
from adapters.blobs.local import LocalBlobStore
from app.settings import Settings
from engine.core.backupsettings import BUCKET, BackupSettings
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.ports import BlobStore, Clock
from engine.operations.backups.elsewhere import FILES
from engine.operations.backups.ports import Place


class SecondPlaces:
    """Opens them; what speaks to a store is imported with the first one that is there."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def open(self, address: str, settings: BackupSettings) -> Place:
        """Return a place by its address."""
        kind, bucket, prefix = _parts(address)
        place: Place
        match kind:
            case "s3":
                place = _objects().open_s3(bucket, prefix, self._keys(settings))
            case "azure":
                place = _objects().open_azure(bucket, prefix, self._account(settings))
            case _:
                place = FolderPlace(Path(address))
        return place

    def files(self, address: str, settings: BackupSettings) -> BlobStore:
        """Return the store in a place that the site's files are mirrored to."""
        kind, bucket, prefix = _parts(address)
        below = f"{prefix}/{FILES}".lstrip("/")
        store: BlobStore
        match kind:
            case "s3":
                keys, s3 = self._keys(settings), import_module("adapters.blobs.s3")
                place = s3.S3Place(keys.endpoint, keys.region, keys.access_key, keys.secret_key, bucket, bucket)
                store = s3.open_below(place, below, self._clock)
            case "azure":
                account, azure = self._account(settings), import_module("adapters.blobs.azure")
                place = azure.AzurePlace(account.name, account.key, bucket, bucket, account.endpoint)
                store = azure.open_below(place, below, self._clock)
            case _:
                if not Path(address).is_dir():
                    raise Invalid(_("There is no folder {folder}. If it is on a drive, plug it in."), folder=address)
                store = LocalBlobStore(Path(address) / FILES)
        return store

    def _keys(self, settings: BackupSettings) -> Any:
        """Return the keys of the settings; where those say nothing, the ones that the site's files are kept with."""
        process = self._settings
        if settings.s3_access_key or settings.s3_endpoint:
            return _objects().Keys(
                settings.s3_endpoint, settings.s3_region, settings.s3_access_key, settings.s3_secret_key
            )  # fmt: skip
        secret = process.s3_secret_key.get_secret_value() if process.s3_secret_key else ""
        region = settings.s3_region or process.s3_region
        return _objects().Keys(process.s3_endpoint or "", region, process.s3_access_key or "", secret)

    def _account(self, settings: BackupSettings) -> Any:
        """Return the account of the settings; where those name none, the one that the site's files are kept with."""
        process = self._settings
        if settings.azure_account:
            return _objects().Account(settings.azure_account, settings.azure_key, settings.azure_endpoint)
        if process.azure_account is None or process.azure_key is None:
            raise Invalid(_("Name the storage account of Azure, and its key: “Key of Azure” in the backup schedule."))
        return _objects().Account(
            process.azure_account, process.azure_key.get_secret_value(), process.azure_endpoint or ""
        )


def _parts(address: str) -> tuple[str, str, str]:
    """Return what kind of store it is, the bucket and the prefix; nothing for a folder. Raises Invalid for neither."""
    if found := BUCKET.fullmatch(address):
        return found["kind"], found["bucket"], (found["prefix"] or "").strip("/")
    if not Path(address).is_absolute():
        raise Invalid(
            _(
                "“{address}” is no place for backups. Give a whole path, s3://bucket/prefix, or azure://container/prefix."
            ),
            address=address[:200],
        )
    return "", "", ""


def _objects() -> Any:
    try:
        return import_module("adapters.backups.objects")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "obstore":
            raise
        raise Invalid(_("The library obstore is not installed. Run: make services")) from error
