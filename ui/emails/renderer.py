"""Messaging's Renderer: templates in a sandboxed Jinja environment, in the organisation's name and colours."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.core.errors import NotFound
from engine.core.i18n import Message, _, format_message, ngettext
from engine.core.money import Money
from engine.core.settings import Site
from engine.messaging.ports import Rendered
from ui.emails.palette import Palette, palette_of
from ui.formats import Formats
from ui.page import RIGHT_TO_LEFT

FOLDER = Path(__file__).parent
_key = re.compile(r"[a-z][a-z_]*")
_gaps = re.compile(r"\n{3,}")
SCHEMES = ("http", "https", "mailto", "tel")


@dataclass(frozen=True, slots=True)
class House:
    """What every message knows of the organisation."""

    name: str
    url: str
    logo: str
    contact_email: str
    phone: str
    tagline: str
    colours: Palette
    language: str
    direction: str


class EmailRenderer:
    """Renders messages.

    base_url: where people reach the site, for links. is_strict: a missing value is an error, not a gap.
    """

    def __init__(self, base_url: Callable[[Site], str], *, is_strict: bool = False) -> None:
        self._base_url = base_url
        self._is_strict = is_strict

    def render(self, template: str, contents: Mapping[str, Any], site: Site, locale: str) -> Rendered:
        """Return the message. Raises NotFound for a template that does not exist."""
        base = self._base_url(site).rstrip("/")
        names = {**contents, "site": house_of(site, base, locale)}
        html = environment(locale, site.general.timezone, base, kind="html", is_strict=self._is_strict)
        text = environment(locale, site.general.timezone, base, kind="text", is_strict=self._is_strict)
        path = f"messages/{template}.jinja"
        if not _key.fullmatch(template) or path not in html.list_templates():
            raise NotFound(_("There is no e-mail template “{template}”."), template=template)
        as_html = html.get_template(path).make_module(names)
        as_text: Any = text.get_template(path).make_module(names)
        subject = " ".join(str(as_text.subject).split())
        told = {"subject": subject, "preheader": as_text.preheader}
        return Rendered(
            subject=subject,
            html=html.get_template("parts/frame.html").render({**names, **told, "body": as_html}),
            text=_gaps.sub("\n\n", text.get_template("parts/frame.txt").render({**names, "body": str(as_text)})).strip()
            + "\n",
        )


def house_of(site: Site, base: str, locale: str) -> House:
    """Return what messages know of the organisation; addresses whole."""
    language = locale.replace("_", "-")
    return House(
        name=site.general.site_name,
        url=base,
        logo=whole_address(site.general.logo, base) if site.general.logo else "",
        contact_email=site.general.contact_email,
        phone=site.general.phone,
        tagline=site.general.tagline,
        colours=palette_of(site.theme.accent_color),
        language=language,
        direction="rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
    )


def whole_address(address: str, base: str) -> str:
    """Return a link that works from a mailbox: a path made whole; what is no web, mail or phone link leads home."""
    if address.startswith("/") and not address.startswith("//"):
        return base + address
    return address if urlsplit(address).scheme.lower() in SCHEMES else base


@lru_cache(maxsize=32)
def environment(locale: str, timezone: str, base: str, *, kind: str, is_strict: bool) -> Environment:
    """Return the environment for one rendition; only the HTML one escapes."""
    formats = Formats.of(locale, timezone)

    def translate(text: str, **values: Any) -> str:
        return format_message(Message(text, {k: str(v) for k, v in values.items()}), locale)

    def translate_plural(singular: str, plural: str, count: int, **values: Any) -> str:
        return format_message(ngettext(singular, plural, count).having(**values), locale)

    def money(value: Mapping[str, Any]) -> str:
        return formats.money(Money(int(value["amount"]), str(value["currency"])))

    def moment(value: str) -> str:
        return formats.moment(datetime.fromisoformat(value))

    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        autoescape=kind == "html",
        undefined=StrictUndefined if is_strict else Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"money": money, "moment": moment, "number": formats.number, "percent": formats.percent}
    made.filters["link"] = lambda address: whole_address(str(address or ""), base)
    made.globals |= {"_": translate, "ngettext": translate_plural, "parts": f"parts/{kind}.jinja"}
    return made
