"""What commerce offers to the house."""

from engine.commerce.catalog.search import PRODUCTS
from engine.core.domain import Domain


def domain() -> Domain:
    """Return the domain."""
    return Domain("commerce", search=(PRODUCTS,))
