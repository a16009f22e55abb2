"""What operations offer to the house."""

from engine.core.domain import Domain
from engine.operations.resources import AUDIT, JOBS


def domain() -> Domain:
    """Return the domain."""
    return Domain("operations", resources=(AUDIT, JOBS))
