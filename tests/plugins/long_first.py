"""Spread the files that drive a browser or a process over the first part of a run: at its end none runs on alone.

Between two of them come several short files, so that browsers seldom share the machine.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import pytest

#: The longest first: it looks at every page of the admin.
LONG = (
    "tests/browser/test_staff_looks.py",
    "tests/browser/",
    "tests/harness/",
    "tests/desktop/",
    "tests/test_",
    "tests/security/",
)
#: How much of all short files comes between the long ones; the rest follows.
BETWEEN = 0.7


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files; within each, tests stay as they are."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    items[:] = [item for name in spread(files) for item in files[name]]


def spread(names: Iterable[str]) -> Iterator[str]:
    """Yield each long file, and after it its share of the short ones."""
    by_length = sorted(names, key=_place)
    long = [name for name in by_length if _place(name) < len(LONG)]
    short = iter(by_length[len(long) :])
    share = int((len(by_length) - len(long)) * BETWEEN / max(1, len(long)))
    for name in long:
        yield name
        yield from islice(short, share)
    yield from short


def _place(name: str) -> int:
    return next((place for place, start in enumerate(LONG) if name.startswith(start)), len(LONG))
