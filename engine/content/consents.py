"""What of the site itself needs a visitor's consent: statistics, and media that pages bring from elsewhere."""

from sqlalchemy import Connection, String, cast, or_, select

from engine.content.pages.facts import PAGE_FACTS
from engine.content.pages.models import Page, PageVersion
from engine.core.consent import ConsentCategory, ConsentNeed
from engine.core.i18n import _
from engine.core.settings import Site

#: Types of blocks that bring something from elsewhere once a visitor lets them.
EXTERNAL_BLOCKS = ("video", "map", "embed")


def _counts(_connection: Connection, site: Site) -> bool:
    analytics = site.analytics
    return analytics.enabled and bool(analytics.measurement_id) and analytics.tracking_config.cookie_consent


def _embeds(connection: Connection, _site: Site) -> bool:
    text = cast(PageVersion.content, String)
    named = or_(*(text.contains(f'"type": "{kind}"', autoescape=True) for kind in EXTERNAL_BLOCKS))
    shown = select(Page.id).join(PageVersion, PageVersion.id == Page.published_version_id).where(named)
    return connection.scalar(shown.limit(1)) is not None


NEEDS = (
    ConsentNeed(
        ConsentCategory.STATISTICS,
        _("Statistics"),
        _("Google Analytics counts visits and tells us which pages are read. Google learns of your visit."),
        _counts,
        cookies=("_ga", "_gid", "_gat"),
    ),
    ConsentNeed(
        ConsentCategory.EXTERNAL_MEDIA,
        _("Media from elsewhere"),
        _("Films and maps on our pages come from others, who learn your address when they are shown."),
        _embeds,
        asks=False,
        on=PAGE_FACTS,
    ),
)
