"""The addresses of this site that a page leads to."""

import re
from html import unescape

_ELSEWHERE = ("/assets/", "/theme/", "/media/", "/icons/", "/admin", "/account", "/social/", "//")


def links_in(text: str) -> list[str]:
    """Return the site's own addresses in a page, and in a sitemap, without other surfaces and files."""
    found = re.findall(r'(?:href|hx-get)="(/[^"#]*)"', text) + re.findall(r"<loc>http://localhost(/[^<]*)</loc>", text)
    return [path for path in map(unescape, found) if not path.startswith(_ELSEWHERE)]
