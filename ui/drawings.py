"""Calm drawings that stand in for pictures nobody has taken yet: always the same one for the same name."""

import hashlib
from functools import cache

from markupsafe import Markup

#: Small pictures of (class, path), on 80 by 100 so that what matters survives being cut to a square or a landscape.
_FORMS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("far", "M24 82V50a16 16 0 0 1 32 0v32z"), ("near", "M48 36a8 8 0 1 0 16 0a8 8 0 1 0-16 0z")),
    (("far", "M25 44a15 15 0 1 0 30 0a15 15 0 1 0-30 0z"), ("near", "M16 58h48a24 24 0 0 1-48 0z")),
    (
        ("far", "M34 30h12v9c9 5 14 13 14 22 0 13-8 21-20 21s-20-8-20-21c0-9 5-17 14-22z"),
        ("near", "M20 61h40c0 13-8 21-20 21s-20-8-20-21z"),
    ),
    (
        ("far", "M16 73a24 9 0 1 0 48 0a24 9 0 1 0-48 0z"),
        ("near", "M24 56a17 8 0 1 0 34 0a17 8 0 1 0-34 0z"),
        ("far", "M29 42a10 6 0 1 0 20 0a10 6 0 1 0-20 0z"),
    ),
    (("far", "M40 30a26 26 0 0 1 0 52z"), ("near", "M40 30a26 26 0 0 0 0 52z")),
    (("far", "M22 46h36v36H22z"), ("near", "M30 46a10 10 0 0 1 20 0z"), ("near", "M22 64h36v18H22z")),
)
_TONES = 4


def drawing(name: str) -> Markup:
    """Return a small still life for a name; its colours are the theme's."""
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    return _drawn(digest[0] % len(_FORMS), digest[1] % _TONES + 1)


@cache
def _drawn(form: int, tone: int) -> Markup:
    shapes = (("ground", "M0 0h80v100H0z"), ("floor", "M0 82h80v18H0z"), *_FORMS[form])
    paths = Markup().join(Markup('<path class="drawing-{}" d="{}"/>').format(*shape) for shape in shapes)
    frame = Markup(
        '<svg class="drawing drawing-{}" viewBox="0 0 80 100" preserveAspectRatio="xMidYMid slice" '
        'aria-hidden="true">{}</svg>'
    )
    return frame.format(tone, paths)
