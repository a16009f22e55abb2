"""What happens to records of resources that have no facts of their own."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class RecordCreated(Fact, name="record.created"):
    """A thing was made, imported or brought back from the bin."""

    record_id: UUID
    resource: str


@dataclass(frozen=True)
class RecordUpdated(Fact, name="record.updated"):
    """A thing was changed."""

    record_id: UUID
    resource: str


@dataclass(frozen=True)
class RecordDeleted(Fact, name="record.deleted"):
    """A thing went into the bin."""

    record_id: UUID
    resource: str
