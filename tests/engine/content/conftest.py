"""What content's tests begin with."""

import pytest

from engine.api.ports import Ports
from tests.factories.forms import Desk


@pytest.fixture
def desk(house: Ports) -> Desk:
    """The wired house as one that takes forms."""
    return Desk(house)
