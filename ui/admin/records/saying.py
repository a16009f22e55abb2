"""Words for values that the engine keeps as keys: what was done, and what a job does."""

from collections.abc import Callable, Mapping

from engine.core.records.reading import Record
from engine.core.resource import Text
from ui.admin.jobs.words import TITLES

#: Details of an audit line that say which thing it was about, the best first.
SUBJECTS = ("number", "key", "name", "recipient", "email", "slug")
LONGEST = 80


def _job(record: Record) -> Text:
    return TITLES.get(record.title) or record.title


def _act(record: Record) -> Text:
    """Return `order.mark_paid` of order 1007 as “Order: mark paid 1007”."""
    noun, _dot, verb = str(record.values["action"]).replace("_", " ").partition(".")
    details = record.values["details"] or {}
    subject = next((str(details[name])[:LONGEST] for name in SUBJECTS if details.get(name)), "")
    said = f"{noun.capitalize()}: {verb}" if verb else noun.capitalize()
    return f"{said} {subject}".strip()


#: By a resource's path and a field's name.
SAYINGS: Mapping[tuple[str, str], Callable[[Record], Text]] = {
    ("jobs", "kind"): _job,
    ("audit", "action"): _act,
}
