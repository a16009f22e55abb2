"""What a page may load from others once a visitor asks for it: players and maps, each allowed on its own page only."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from engine.core.blocks.tree import Node

#: Who may be framed at all; a block says which of them it is.
HOSTS = frozenset(
    (
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
        "https://www.openstreetmap.org",
        "https://www.google.com",
    )
)


def frames_in(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return the sites that these blocks can show something of."""
    addresses = {getattr(node.settings, "frame", "") for node in nodes if not node.is_hidden}
    parts = (urlsplit(address) for address in addresses if address)
    return tuple(sorted({f"{part.scheme}://{part.netloc}" for part in parts} & HOSTS))
