"""The ways in from the local network, as pages write them."""

from fastapi import Request

from engine.api.request import origin_of, site_of
from engine.api.serving import Serving, serving_of


def urls_of(serving: Serving) -> tuple[str, ...]:
    """Return the addresses for others on the network: by name, then by number."""
    named = (serving.named_url,) if serving.named_url else ()
    return (*named, *serving.network_urls)


def kiosk_url(request: Request) -> str:
    """Return where a screen is paired, as other machines write it: https first, where it is served.

    By number, not by name: not every device knows names of the local network.
    """
    return f"{_base(request)}/kiosk/pair"


def _base(request: Request) -> str:
    site, serving = site_of(request), serving_of(request)
    if not site.general.site_url.startswith("https://"):
        if serving.secure_urls and serving.addresses:
            numbered = [url for url in serving.secure_urls if not url.startswith(f"https://{serving.name}:")]
            return (numbered or serving.secure_urls)[0]
        if urls := urls_of(serving):
            return serving.network_urls[0] if serving.network_urls else urls[0]
    return origin_of(request)
