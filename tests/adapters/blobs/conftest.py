"""Every file store, empty."""

from pathlib import Path

import pytest

from adapters.blobs.azure import open_azure
from adapters.blobs.local import LocalBlobStore
from adapters.blobs.objects import ObjectBlobStore
from adapters.blobs.s3 import S3Place, open_s3
from engine.core.ports import BlobStore, SystemClock
from engine.media.public import is_public_key
from tests.neighbours import HAS_AZURE, azure_place, s3_place


def s3_store(place: S3Place) -> ObjectBlobStore:
    """Return the store at this place."""
    return open_s3(place, is_public=is_public_key, clock=SystemClock())


STORES = ["local", "s3", *(["azure"] if HAS_AZURE else [])]


@pytest.fixture(params=STORES)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "local":
        return LocalBlobStore(tmp_path / "files")
    if request.param == "azure":
        place = azure_place(request.getfixturevalue("azure_server"))
        return open_azure(place, is_public=is_public_key, clock=SystemClock())
    return s3_store(s3_place(request.getfixturevalue("s3_server")))
