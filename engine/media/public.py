"""The door of media: take pictures in (`upload`, or `receive` and `add`), and find where they are shown (`urls`)."""

from engine.media.pictures import MAX_BYTES
from engine.media.queries import MediaFile, MediaUrls, file_of, has_version, urls
from engine.media.uploads import Received, add, receive, upload

__all__ = [
    "MAX_BYTES",
    "MediaFile",
    "MediaUrls",
    "Received",
    "add",
    "file_of",
    "has_version",
    "receive",
    "upload",
    "urls",
]
