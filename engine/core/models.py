"""Every table of the core, in one import: what migrations and tests need to know of."""

from engine.core.audit import AuditEntry
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.idempotency import IdempotencyKey
from engine.core.jobs import Job, Schedule
from engine.core.searchtable import SearchRow
from engine.core.settings import SiteSetting
from engine.core.testgateway import GatewayIntent, GatewayRefund

__all__ = [
    "AuditEntry",
    "FactRow",
    "GatewayIntent",
    "GatewayRefund",
    "IdempotencyKey",
    "Job",
    "ProcessedEvent",
    "Schedule",
    "SearchRow",
    "SiteSetting",
]
