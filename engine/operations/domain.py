"""What operations offer to the house."""

from engine.core.domain import Domain
from engine.operations.backups.backups import Backups
from engine.operations.resources import AUDIT, JOBS


def domain(backups: Backups) -> Domain:
    """Return the domain."""
    return Domain("operations", resources=(AUDIT, JOBS), jobs=backups.jobs())
