"""What is backed up."""

import pytest

from app.settings import Settings
from engine.api.ports import Ports
from engine.operations.backups.making import Ground
from tests.factories import backups


@pytest.fixture
def on(settings: Settings, house: Ports) -> Ground:
    """The house's data folder and its database."""
    return backups.ground(settings, house.clock)
