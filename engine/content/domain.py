"""What content offers to the house."""

from engine.content.resources import REDIRECTS
from engine.content.spam.posts import FORGET
from engine.core.domain import Domain


def domain() -> Domain:
    """Return the domain."""
    return Domain("content", resources=(REDIRECTS,), jobs=(FORGET,))
