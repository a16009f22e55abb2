"""Every table of the core, in one import: what migrations and tests need to know of."""

from engine.core.audit import AuditEntry
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.idempotency import IdempotencyKey
from engine.core.jobs import Job, Schedule
from engine.core.records.tables import BinnedRecord, ListColumns, SavedView
from engine.core.searchtable import SearchRow
from engine.core.settings import SiteSetting

__all__ = [
    "AuditEntry",
    "BinnedRecord",
    "FactRow",
    "IdempotencyKey",
    "Job",
    "ListColumns",
    "ProcessedEvent",
    "SavedView",
    "Schedule",
    "SearchRow",
    "SiteSetting",
]
