"""Addresses of drawn pictures: they change whenever the picture would look different."""

import base64
import hashlib
from functools import lru_cache

from engine.core.secrets import Secrets
from engine.core.settings import Site
from ui.drawn.cards import MAX_TITLE

PURPOSE = "social-card"
#: Grows when the drawing changes, so that what is kept is drawn anew.
EDITION = "1"


def card_url(secrets: Secrets, site: Site, title: str) -> str:
    """Return the address of a page's card. It is signed: nobody else makes us draw their words."""
    plain = " ".join(title.split())[:MAX_TITLE]
    text = base64.urlsafe_b64encode(plain.encode("utf-8", "ignore")).decode().rstrip("=")
    return f"/social/{secrets.signature(PURPOSE, text)}/{card_look(site)}/{text or '-'}.png"


def card_look(site: Site) -> str:
    """Return what stands for the look of every card of the site."""
    return digest(site.general.site_name, site.theme.accent_color)[:12]


def icon_edition(site: Site) -> str:
    """Return what stands for the look of the site's icons."""
    return digest(site.general.favicon, site.general.site_name[:1], site.theme.accent_color)[:12]


@lru_cache(maxsize=64)
def digest(*parts: str) -> str:
    """Return the name under which something drawn of these is kept."""
    return hashlib.sha256("\x00".join((EDITION, *parts)).encode()).hexdigest()
