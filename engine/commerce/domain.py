"""What commerce offers to the house."""

from engine.core.domain import Domain


def domain() -> Domain:
    """Return the domain."""
    return Domain("commerce")
