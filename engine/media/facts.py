"""What happened to files."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class MediaUploaded(Fact, name="media.uploaded"):
    """A file is in the library."""

    media_id: UUID
    filename: str


@dataclass(frozen=True)
class MediaChanged(Fact, name="media.changed"):
    """What pages show of a file is another: its addresses, its words, or whether it is shown at all."""

    media_id: UUID


@dataclass(frozen=True)
class MediaPurged(Fact, name="media.purged"):
    """A file is gone for good."""

    media_id: UUID
