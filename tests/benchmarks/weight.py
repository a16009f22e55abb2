"""What a browser loads before it shows a page: the page, its styles, scripts and fonts. Pictures are lazy."""

import gzip
import re
from dataclasses import dataclass

import httpx

_LINKED = re.compile(r'(?:href|src)="(/(?:assets|theme)/[^"#]+\.(?:css|js|woff2))"')


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes as a compressing proxy sends them, scripts among them; `plain_bytes` as they lie here."""

    compressed_bytes: int
    script_bytes: int
    plain_bytes: int


def weighed(url: str, path: str) -> Weight:
    """Return what the first view of a page weighs."""
    with httpx.Client(base_url=url, timeout=30) as browser:
        page = browser.get(path)
        parts = {path: page.content, **{one: browser.get(one).content for one in set(_LINKED.findall(page.text))}}
    sent = {one: _sent(one, body) for one, body in parts.items()}
    scripts = sum(size for one, size in sent.items() if one.endswith(".js"))
    return Weight(sum(sent.values()), scripts, sum(len(body) for body in parts.values()))


def _sent(path: str, body: bytes) -> int:
    """Return how many bytes go over the wire; fonts are compressed already."""
    return len(body) if path.endswith(".woff2") else len(gzip.compress(body, 6))
