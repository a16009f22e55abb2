"""What a reader tells beside the rows: each thing that it did not take as it stood, by row and column."""

from dataclasses import dataclass
from enum import StrEnum

from engine.core.i18n import Message

HEADER_ROW = 1
SHOWN_VALUE_LENGTH = 200


class Severity(StrEnum):
    """error: the row was not taken; warning: it was, without or with a change to this; note: about the whole file."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was not taken as it stood. row: as a spreadsheet numbers it, the header being 1."""

    row: int
    column: str
    value: str
    message: Message
    severity: Severity

    @classmethod
    def of(cls, row: int, column: str, value: str, message: Message, severity: Severity) -> "Problem":
        """Return a problem whose value is cut to a length that fits a report."""
        shown = value if len(value) <= SHOWN_VALUE_LENGTH else value[: SHOWN_VALUE_LENGTH - 1] + "…"
        return cls(row, column, shown.replace("\x00", "\N{REPLACEMENT CHARACTER}"), message, severity)
