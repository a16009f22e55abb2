"""`agora network`: where the site is found on the local network, and what stands in the way."""

from app.commands.doctor import tell
from app.commands.opening import with_house
from app.doctor.finding import Finding
from app.doctor.network import network_findings
from app.doorbell import peep
from app.engines import local_addresses
from app.options import Data
from app.settings import load_settings
from engine.api.ports import Ports


def network(data: Data = None) -> None:
    """Say who may reach the site on this network, where they find it, and what stands in the way."""
    settings = load_settings(data_dir=data)

    async def run(ports: Ports) -> list[Finding]:
        return await network_findings(ports, settings, peep(settings.data_dir), local_addresses())

    tell(with_house(data, run))
