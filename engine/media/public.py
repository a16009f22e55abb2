"""The door of media: take files in (`upload` a picture, `take` any file), and find where they are shown (`urls`)."""

from engine.media.facts import MediaChanged, MediaPurged, MediaUploaded
from engine.media.limits import MEGABYTE, most_bytes
from engine.media.models import is_public_key
from engine.media.queries import (
    MediaFile,
    MediaUrls,
    PublicFile,
    ServedFile,
    file_of,
    files,
    known_ids,
    moved,
    served,
    urls,
)
from engine.media.uploads import Taken, replace, take, upload

__all__ = [
    "MEGABYTE",
    "MediaChanged",
    "MediaFile",
    "MediaPurged",
    "MediaUploaded",
    "MediaUrls",
    "PublicFile",
    "ServedFile",
    "Taken",
    "file_of",
    "files",
    "is_public_key",
    "known_ids",
    "most_bytes",
    "moved",
    "replace",
    "served",
    "take",
    "upload",
    "urls",
]
