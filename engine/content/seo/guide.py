"""`llms.txt`: what the site is and what to read of it first, as language models take it. Source: llmstxt.org."""

import re
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from engine.core.i18n import format_message
from engine.core.linking import Addresses
from engine.core.settings import Site

MOST_OF_A_KIND = 50
_marks = re.compile(r"([\\\[\]<>`*_#])")


def guide_text(connection: Connection, site: Site, offered: Sequence[Addresses], absolute: Callable[[str], str]) -> str:
    """Return the guide in Markdown: name, what it is, and the first addresses of each kind with a line about each."""
    general = site.general
    about = site.seo.meta_description or general.tagline
    lines = [f"# {_plain(general.site_name)}", ""]
    lines += [f"> {_plain(about)}", ""] if about else []
    for addresses in offered:
        named = addresses.titled(connection, MOST_OF_A_KIND)
        if not named:
            continue
        lines += [f"## {format_message(addresses.label, general.language)}", ""]
        lines += [
            f"- [{_plain(title)}]({absolute(path)})" + (f": {_plain(text)}" if text else "")
            for title, path, text in named
        ]
        lines.append("")
    reach = [one for one in (general.contact_email, general.phone) if one]
    lines += ["## Contact", "", *(f"- {_plain(one)}" for one in reach), ""] if reach else []
    lines += [f"- [Sitemap]({absolute('/sitemap.xml')})", ""] if site.seo.sitemap_enabled else []
    return "\n".join(lines)


def _line(title: str, url: str, text: str) -> str:
    return f"- [{_plain(title)}]({url})" + (f": {_plain(text)}" if text else "")


def _plain(text: str) -> str:
    return _marks.sub(r"\\\1", " ".join(text.split()))
