"""Messaging's Renderer: templates in a sandboxed Jinja environment, in the organisation's name and colours."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from engine.core.domain import EmailTemplate
from engine.core.errors import Invalid
from engine.core.i18n import Message, _, format_message, ngettext
from engine.core.money import Money
from engine.core.settings import Site
from engine.messaging.ports import HOUSE_NAMES, WORDED, Rendered, Wording
from ui.emails.blocks import Drawing
from ui.emails.language import Expansion, Names, read
from ui.emails.language import wrong as wrong_field
from ui.emails.palette import Palette, palette_of
from ui.emails.slots import Slots, totals_of, unmarked, whole_address
from ui.emails.wordings import wording_of
from ui.formats import Formats
from ui.page import RIGHT_TO_LEFT

FOLDER = Path(__file__).parent
FRAMES = MappingProxyType({"html": "parts/frame.html", "text": "parts/frame.txt"})
_gaps = re.compile(r"\n{3,}")


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

    def render(
        self, template: str, contents: Mapping[str, Any], site: Site, locale: str, wording: Wording | None = None
    ) -> Rendered:
        """Return the message in its own words or in these. Raises NotFound, Invalid for words that cannot be used."""
        words = (wording or Wording()).over(wording_of(template, locale))
        base = self._base_url(site).rstrip("/")
        house = house_of(site, base, locale)
        values = {"totals": totals_of(contents, locale), **contents, **_told_by(house)}
        slots = Slots(Formats.of(locale, site.general.timezone), base, locale, [])
        expansion = Expansion(values, slots.put, self._is_strict)
        lines = {one: unmarked(getattr(words, one)) for one in WORDED}
        subject, preheader, body = (expansion.of(read(lines[one], one), one) for one in WORDED)
        plain = Drawing(slots.taken, base, None)
        told = {"subject": _one_line(plain, subject), "preheader": _one_line(plain, preheader)}
        drawn = {}
        for kind, style in (("text", None), ("html", f"color:{house.colours.light.link}")):
            pieces = environment(locale, site.general.timezone, base, kind=kind)
            names = {**told, "site": house, "blocks": Drawing(slots.taken, base, style).blocks(body)}
            letter = pieces.get_template("parts/letter.jinja").render(names)
            drawn[kind] = pieces.get_template(FRAMES[kind]).render(
                {**names, "body": Markup(letter) if kind == "html" else letter}  # noqa: S704 - drawn by escaping macros
            )
        text = _gaps.sub("\n\n", drawn["text"]).strip() + "\n"
        stops = contents.get("unsubscribe_url")
        return Rendered(
            told["subject"], drawn["html"], text, told["preheader"], whole_address(str(stops), base) if stops else ""
        )

    def wording(self, template: str, locale: str) -> Wording:
        """Return the words that come with a message, to be changed. Raises NotFound."""
        return wording_of(template, locale)

    def check(self, offered: EmailTemplate, wording: Wording, site: Site) -> None:
        """Raise Invalid naming every field that cannot be used, its line, and what to do."""
        names = names_of(offered)
        wrong: dict[str, Message | str] = {}
        for one in WORDED:
            try:
                read(getattr(wording, one), one, names)
            except Invalid as refused:
                wrong |= refused.fields
        if wrong:
            raise Invalid(_("This letter cannot be sent like this."), wrong)
        locale = site.general.language
        rendered = self.render(offered.key, offered.example, site, locale, wording)
        if not rendered.subject:
            raise wrong_field("subject", 0, _("With the example’s values nothing is left of it. Write a subject."))
        for name in offered.needs:
            address = whole_address(str(offered.example[name]), self._base_url(site).rstrip("/"))
            if address not in rendered.text:
                said = _("This letter needs {{{{ {name} }}}}, as a button or a link: without it nobody can go on.")
                raise wrong_field("body", 0, said.having(name=name))


def names_of(offered: EmailTemplate) -> Names:
    """Return what a letter may mention: its own values, and what every letter knows of the house."""
    rows = {
        name: frozenset(value[0])
        for name, value in offered.example.items()
        if isinstance(value, list) and value and isinstance(value[0], Mapping)
    }
    sums = {"totals"} if "subtotal" in offered.example else set()
    return Names(frozenset({*offered.example, *HOUSE_NAMES, *sums}), rows)


def _told_by(house: House) -> dict[str, str]:
    """Return what a letter's words know of the house, under `HOUSE_NAMES`."""
    values = (house.name, house.url, house.contact_email, house.phone, house.tagline)
    return dict(zip(HOUSE_NAMES, values, strict=True))


def _one_line(plain: Drawing, text: str) -> str:
    return " ".join(plain.plain(" ".join(text.split())).split())


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


@lru_cache(maxsize=32)
def environment(locale: str, timezone: str, base: str, *, kind: str) -> Environment:
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
        undefined=Undefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"money": money, "moment": moment, "number": formats.number, "percent": formats.percent}
    made.filters["link"] = lambda address: whole_address(str(address or ""), base)
    made.globals |= {"_": translate, "ngettext": translate_plural, "parts": f"parts/{kind}.jinja"}
    return made
