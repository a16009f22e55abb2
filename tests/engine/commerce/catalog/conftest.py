"""A shelf to fill."""

import pytest

from engine.api.ports import Ports
from tests.factories.catalog import CatalogShelf


@pytest.fixture
def shelf(house: Ports) -> CatalogShelf:
    """The catalogue of a wired house, on both databases."""
    return CatalogShelf(house.db)
