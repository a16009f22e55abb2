"""Jobs in words: what each kind does, and its values as lines."""

from collections.abc import Mapping
from typing import Any

from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView

TITLES: Mapping[str, Message] = {
    "messaging.send": _("Send an e-mail"),
    "messaging.erase_secrets": _("Erase old links from the outbox"),
    "search.index": _("Bring the search up to date"),
    "catalog.import": _("Import products"),
    "products.import": _("Import products"),
    "media.variants": _("Make sizes of a picture"),
    "media.fetch": _("Fetch a picture"),
}
MAX_SHOWN = 300


def title_of(job: JobView) -> Message | str:
    """Return what a job does; its kind where nobody found words for it."""
    return TITLES.get(job.name) or job.name


def shown(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a job's values as lines of text; long ones are cut."""
    return [(name, _line(value)) for name, value in values.items()]


def _line(value: Any) -> str:
    text = ", ".join(str(one) for one in value[:20]) if isinstance(value, list) else str(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
