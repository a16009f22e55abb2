"""Nested rows: how their inputs are named, `lines.0.quantity`."""

import re
from collections.abc import Iterable


def places_of(names: Iterable[str], path: str) -> list[int]:
    """Return the numbers of the rows that a form names, in their order."""
    named = re.compile(re.escape(path) + r"\.([0-9]{1,4})\.")
    return sorted({int(found[1]) for name in names if (found := named.match(name))})


def row_path(path: str, place: int) -> str:
    """Return what the names of a row's inputs begin with."""
    return f"{path}.{place}."
