"""What commerce offers to the house."""

from engine.commerce.catalog.search import PRODUCTS
from engine.commerce.ordering.jobs import FORGET
from engine.commerce.ordering.letters import TEMPLATES
from engine.commerce.ordering.reactions import ATTACH
from engine.commerce.ordering.search import ORDERS
from engine.core.domain import Domain


def domain() -> Domain:
    """Return the domain."""
    return Domain("commerce", reactions=(ATTACH,), jobs=(FORGET,), search=(PRODUCTS, ORDERS), email_templates=TEMPLATES)
