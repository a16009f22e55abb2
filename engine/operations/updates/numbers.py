"""Numbers of versions: read and compared before anything else is, so this imports next to nothing."""

import re

NUMBERS = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}")


def is_newer(version: str, than: str) -> bool:
    """Return whether a version comes after another: 1.10 after 1.9, and 1.2 is 1.2.0."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    found = NUMBERS.match(version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    return tuple([*numbers, 0, 0, 0, 0][:4])
