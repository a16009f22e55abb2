"""The local network: what is open to it, where it is found there, and what stands in the way."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from app.doctor.finding import Finding, fail, fine, warn
from app.doorbell import Answer
from app.settings import Settings, is_loopback
from engine.api.ports import Ports
from engine.core.i18n import format_message
from engine.core.settings import Site
from engine.core.site import Reach, SurfaceName
from engine.operations.network.ports import Check, Verdict


async def network_findings(
    ports: Ports, settings: Settings, running: Answer | None, addresses: Sequence[str]
) -> list[Finding]:
    """Say how the site stands on its network. running: who serves it now; addresses: of this machine."""
    found = [*_shared(ports.site)]
    if settings.host and is_loopback(settings.host):
        return [*found, warn(f"Agora listens on {settings.host} alone. Leave out --host or AGORA_HOST to be found.")]
    if running is None:
        return [*found, warn("Agora does not run now, so nobody gets in. Start it, and ask again.")]
    port = urlsplit(running.url).port or settings.port
    found += [fine(f"Others open http://{address}:{port}") for address in addresses]
    found += _named(ports, port)
    checks = await ports.network.checks(addresses, [port])
    return [*found, *(_told(check) for check in checks)]


def _shared(site: Site) -> Iterator[Finding]:
    surfaces = site.system.surfaces
    reaches = {name: getattr(surfaces, name) for name in SurfaceName}
    opened = [f"{name} to {reach.value.replace('-', ' ')}" for name, reach in reaches.items()
              if reach is not Reach.THIS_MACHINE]  # fmt: skip
    if opened:
        yield fine(f"Open: {', '.join(opened)}.")
    else:
        yield warn("Nothing is open to others. Open the shop: agora surface storefront local-network")


def _named(ports: Ports, port: int) -> Iterator[Finding]:
    network = ports.site.system.network
    if network.announced:
        yield fine(f"While something is open, the network is told http://{network.name}.local:{port}")
    root = ports.network.root()
    if network.https and root is not None:
        yield fine(f"Https is on. Devices trust it by the page /trust; its fingerprint is {root.fingerprint}")


def _told(check: Check) -> Finding:
    sentence = " ".join(part for part in (format_message(check.text, "en"), check.command) if part)
    by_verdict = {Verdict.OPEN: fine, Verdict.UNKNOWN: warn, Verdict.CLOSED: fail}
    return by_verdict[check.verdict](sentence)
