"""What commerce offers to the house."""

from engine.commerce.catalog.memory import CategoryMemory
from engine.commerce.catalog.search import PRODUCTS
from engine.core.domain import Domain


def domain(categories: CategoryMemory) -> Domain:
    """Return the domain. categories: the tree that this process keeps in memory."""
    return Domain("commerce", search=(PRODUCTS,), listeners=(categories.listener(),))
