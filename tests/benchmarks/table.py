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


@dataclass(frozen=True, slots=True)
class Scale:
    """What bare uvicorn takes of the processor for one answer, in seconds; None where that is not told."""

    bare: float | None

    def row(self, what: str, measured: str, cpu: float | None, beside: str = "") -> Row:
        """Return a measure with the seconds of the processor that one took, and how many bare answers that is."""
        if cpu is None:
            return Row(what, measured, beside=beside)
        answers = cpu / self.bare if self.bare else 0
        times = f"{answers:.0f}" if answers >= WHOLE else f"{answers:.1f}"
        return Row(what, measured, f"{cpu * 1000:.2f} ms", times if self.bare else "", beside)


#: From here on, parts of an answer say nothing.
WHOLE = 10
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
