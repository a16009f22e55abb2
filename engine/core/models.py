"""Every table of the core, in one import: what migrations and tests need to know of."""

from engine.core.audit import AuditActor, AuditEntry
from engine.core.demo import DemoItem
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.idempotency import IdempotencyKey
from engine.core.jobs import Job, Schedule
from engine.core.records.tables import BinnedRecord, ListColumns, SavedView
from engine.core.searchquestions import SearchQuestion
from engine.core.searchtable import SearchFacet, SearchNumber, SearchRow, SearchState
from engine.core.settings import SiteSetting
from engine.core.tabular.models import ImportMapping
from engine.core.testgateway import GatewayIntent, GatewayRefund

__all__ = [
    "AuditActor",
    "AuditEntry",
    "BinnedRecord",
    "DemoItem",
    "FactRow",
    "GatewayIntent",
    "GatewayRefund",
    "IdempotencyKey",
    "ImportMapping",
    "Job",
    "ListColumns",
    "ProcessedEvent",
    "SavedView",
    "Schedule",
    "SearchFacet",
    "SearchNumber",
    "SearchQuestion",
    "SearchRow",
    "SearchState",
    "SiteSetting",
]
