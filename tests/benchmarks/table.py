"""The table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measure, and what it stands beside."""

    what: str
    measured: str
    beside: str = ""


def printed(rows: list[Row]) -> str:
    """Return the rows in columns."""
    titles = Row("what", "measured", "beside")
    widths = [max(len(getattr(row, name)) for row in [titles, *rows]) for name in ("what", "measured", "beside")]
    lines = [_line(row, widths) for row in [titles, *rows]]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _line(row: Row, widths: list[int]) -> str:
    return f"{row.what:{widths[0]}}  {row.measured:>{widths[1]}}  {row.beside}".rstrip()
