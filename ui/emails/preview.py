"""A letter in a frame before it is sent: under its line in a mailbox, as plain text, or what is wrong with it."""

from collections.abc import Iterable
from typing import Literal

from markupsafe import Markup

from engine.core.i18n import Message, format_message
from engine.core.settings import Site
from engine.messaging.ports import Rendered
from ui.emails.palette import palette_of
from ui.emails.renderer import environment
from ui.page import RIGHT_TO_LEFT

Rendition = Literal["html", "text"]


def framed(rendered: Rendered, site: Site, sender: str, rendition: Rendition) -> str:
    """Return a page of its own: the letter under its line in a mailbox."""
    line = _page(site, "parts/mailbox.html", subject=rendered.subject, preheader=rendered.preheader, sender=sender)
    if rendition == "text":
        return _page(site, "parts/preview.html", line=Markup(line), text=rendered.text, wrong=[])  # noqa: S704 - escaped above
    before, body, after = rendered.html.partition("<body")
    attributes, end, inside = after.partition(">")
    return before + body + attributes + end + line + inside


def refused(sentences: Iterable[Message | str], site: Site) -> str:
    """Return a page that says why there is nothing to be seen."""
    wrong = [format_message(one, site.general.language) for one in sentences]
    return _page(site, "parts/preview.html", line="", text="", wrong=wrong)


def _page(site: Site, template: str, **names: object) -> str:
    locale = site.general.language
    language = locale.replace("_", "-")
    return (
        environment(locale, site.general.timezone, "", kind="html")
        .get_template(template)
        .render(
            colours=palette_of(site.theme.accent_color),
            language=language,
            direction="rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr",
            **names,
        )
    )
