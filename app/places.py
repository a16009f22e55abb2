"""Second places for backups: a folder, or a prefix of an S3 bucket, with the keys of the settings or of the process."""

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
    """Opens them; what speaks to S3 is imported with the first one that is there."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock

    def open(self, address: str, settings: BackupSettings) -> Place:
        """Return a place by its address."""
        bucket, prefix = _parts(address)
        if not bucket:
            return FolderPlace(Path(address))
        place: Place = _objects().S3Place(bucket, prefix, self._keys(settings))
        return place

    def files(self, address: str, settings: BackupSettings) -> BlobStore:
        """Return the store in a place that the site's files are mirrored to."""
        bucket, prefix = _parts(address)
        if not bucket:
            if not Path(address).is_dir():
                raise Invalid(_("There is no folder {folder}. If it is on a drive, plug it in."), folder=address)
            return LocalBlobStore(Path(address) / FILES)
        keys, s3 = self._keys(settings), import_module("adapters.blobs.s3")
        place = s3.S3Place(keys.endpoint, keys.region, keys.access_key, keys.secret_key, bucket, bucket)
        store: BlobStore = s3.open_below(place, f"{prefix}/{FILES}".lstrip("/"), self._clock)
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


def _parts(address: str) -> tuple[str, str]:
    """Return the bucket and the prefix; no bucket for a folder. Raises Invalid for neither."""
    if found := BUCKET.fullmatch(address):
        return found["bucket"], (found["prefix"] or "").strip("/")
    if not Path(address).is_absolute():
        raise Invalid(
            _("“{address}” is no place for backups. Give a whole path, or s3://bucket/prefix."), address=address[:200]
        )
    return "", ""


def _objects() -> Any:
    try:
        return import_module("adapters.backups.objects")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "obstore":
            raise
        raise Invalid(_("The library obstore is not installed. Run: make services")) from error
