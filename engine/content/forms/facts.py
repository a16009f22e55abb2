"""What happened to forms."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class FormSubmitted(Fact, name="form.submitted"):
    """Somebody sent a form. What they wrote is read from the entry: facts stay when a person is erased.

    An entry that was held for spam publishes it once staff let it through.
    """

    entry_id: UUID
    form_id: UUID
    slug: str
