"""The names under which the site is reached: that they fit together, lead here, and that a proxy is known."""

import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from app.doctor.finding import Finding, fail, fine, warn
from app.settings import Settings
from app.web import homes_of
from engine.core.settings import Site
from engine.core.site import Reach

VARIABLES = {"admin": "ADMIN_URL", "builder": "AGORA_BUILDER_URL", "api": "API_URL"}


def _leads_somewhere(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False


def address_findings(
    settings: Settings, site: Site, leads_somewhere: Callable[[str], bool] = _leads_somewhere
) -> Iterator[Finding]:
    """Say how the site's names stand; nothing where it has none. leads_somewhere: whether a name has an address."""
    homes = homes_of(settings, site.general.site_url)
    own = {name: getattr(homes, name) for name in VARIABLES if getattr(homes, name)}
    if not homes.site:
        if own:
            written = ", ".join(VARIABLES[name] for name in own)
            yield warn(
                f"{written} is set and the site has no address itself. Set FRONTEND_URL, such as https://example.org."
            )
        return
    yield from _fitting(settings, site, own)
    for url in dict.fromkeys((homes.site, *own.values())):
        host = urlsplit(url).hostname or ""
        if not leads_somewhere(host):
            yield warn(f"The name {host} leads nowhere yet. Add a DNS record that names this server.")
    if homes.site.startswith("https://") and not settings.trusted_proxies:
        yield warn(
            "The site is https, so something stands before Agora, and AGORA_TRUSTED_PROXIES names nobody: all visitors"
            " count as one. Set it to where that is, such as 127.0.0.1."
        )
    if own:
        told = ", ".join(f"{name} at {url}" for name, url in own.items())
        yield fine(f"Surfaces with a name of their own: {told}.")


def _fitting(settings: Settings, site: Site, own: dict[str, str]) -> Iterator[Finding]:
    """Say which names are in each other's way."""
    home, said = homes_of(settings, "").site, site.general.site_url.rstrip("/").lower()
    if home and said and home != said:
        yield warn(
            f"FRONTEND_URL is {home} and Settings, General says {said}: e-mails lead to the second. Make them the same."
        )
    hosts: dict[str, str] = {urlsplit(home or said).hostname or "": "FRONTEND_URL"}
    for name, url in own.items():
        host = urlsplit(url).hostname or ""
        if host in hosts:
            yield fail(
                f"{VARIABLES[name]} and {hosts[host]} both name {host}. Give each a name of its own, or leave it out."
            )
        hosts.setdefault(host, VARIABLES[name])
        if urlsplit(url).scheme != urlsplit(home or said).scheme:
            yield warn(f"{VARIABLES[name]} is {url} and the site is {home or said}: use https for both.")
        if settings.cookie_domain and not f".{host}".endswith(f".{settings.cookie_domain}"):
            yield warn(
                f"{host} is not below AGORA_COOKIE_DOMAIN ({settings.cookie_domain}): sign-ins do not count there."
            )
    switches = site.system.surfaces
    for name in ("admin", "api"):
        reach: Reach = getattr(switches, name)
        if name in own and reach is Reach.THIS_MACHINE:
            yield warn(
                f"{VARIABLES[name]} is set and the {name} is open to this machine only."
                f" Run: agora surface {name} everyone"
            )
