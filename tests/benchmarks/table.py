"""The table that `make bench` prints."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. cpu: the server's processor time; bare: how many bare uvicorn answers that would be."""

    what: str
    measured: str
    cpu: str = ""
    bare: str = ""
    beside: str = ""


TITLES = Row("what", "measured", "CPU each", "bare answers", "beside")


def printed(rows: list[Row]) -> str:
    """Return the rows in columns."""
    names = [field.name for field in fields(Row)]
    widths = [max(len(getattr(row, name)) for row in [TITLES, *rows]) for name in names]
    lines = [_line(row, names, widths) for row in [TITLES, *rows]]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _line(row: Row, names: list[str], widths: list[int]) -> str:
    cells = [getattr(row, name) for name in names]
    padded = [f"{cell:{'>' if 0 < place < 4 else '<'}{widths[place]}}" for place, cell in enumerate(cells)]
    return "  ".join(padded).rstrip()
