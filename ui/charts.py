"""The geometry of a bar chart, so that its template only draws."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_TOP = 18
_FOOT = 22
#: As many as stand side by side on a phone.
_MOST_MARKS = 5
_HUNDRED = 100.0
_EDGE = 6.0


@dataclass(frozen=True)
class Point:
    """One period's number, and the same period's number before, where there is one to compare with."""

    label: str
    value: float
    previous: float | None = None


@dataclass(frozen=True)
class Bar:
    """One column: where its slot and its bar stand (per cent of the width, pixels of the height) and what it says."""

    label: str
    text: str
    previous_text: str | None
    slot_x: float
    slot_width: float
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class Line:
    """A level of the scale."""

    y: float
    text: str


@dataclass(frozen=True)
class Part:
    """A piece of the thin line of the period before."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Mark:
    """A word under the bars."""

    x: float
    anchor: str
    text: str


@dataclass(frozen=True)
class BarChart:
    """Everything the template draws; `table` is the same in words."""

    height: int
    base: int
    bars: Sequence[Bar]
    lines: Sequence[Line]
    previous: Sequence[Part]
    marks: Sequence[Mark]
    peak: Mark | None
    peak_y: float
    table: Sequence[tuple[str | None, ...]]


def bar_chart(
    points: Sequence[Point], shown: Callable[[float], str] = str, *, height: int = 200, least: float = 0
) -> BarChart:
    """Return the drawing of these points.

    least: the scale goes at least so far: two orders, so that half of it is a whole one.

    shown: writes a number as the reader's language does (money, a count).
    """
    base = height - _FOOT
    highest = _round_up(
        max((number for point in points for number in (least, point.value, point.previous or 0)), default=least)
    )
    slot = _HUNDRED / max(1, len(points))
    compares = any(point.previous is not None for point in points)

    def level(value: float) -> float:
        return round(base - (base - _TOP) * value / highest, 1)

    bars = [
        Bar(
            label=point.label,
            text=shown(point.value),
            previous_text=shown(point.previous) if point.previous is not None else None,
            slot_x=round(place * slot, 3),
            slot_width=round(slot, 3),
            x=round(place * slot + slot * 0.16, 3),
            width=round(slot * 0.68, 3),
            y=level(point.value),
            height=round(base - level(point.value), 1),
        )
        for place, point in enumerate(points)
    ]
    heights = [(place, level(point.previous)) for place, point in enumerate(points) if point.previous is not None]
    peak = max(bars, key=lambda bar: bar.height, default=None)
    middles = [(round((place + 0.5) * slot, 3), y) for place, y in heights]
    return BarChart(
        height=height,
        base=base,
        bars=bars,
        lines=[Line(level(value), shown(value)) for value in (0, highest / 2, highest)][1:],
        previous=[Part(*one, *other) for one, other in pairwise(middles)],
        marks=_marks(points, slot),
        peak=_label(peak) if peak and peak.height else None,
        peak_y=peak.y - 6 if peak else 0,
        table=[(bar.label, bar.text, bar.previous_text) if compares else (bar.label, bar.text) for bar in bars],
    )


def _marks(points: Sequence[Point], slot: float) -> list[Mark]:
    every = max(1, math.ceil(len(points) / _MOST_MARKS))
    return [
        Mark(0 if place == 0 else round((place + 0.5) * slot, 3), "start" if place == 0 else "middle", point.label)
        for place, point in enumerate(points)
        if place % every == 0
    ]


def _label(bar: Bar) -> Mark:
    middle = bar.x + bar.width / 2
    anchor = "start" if middle < _EDGE else "end" if middle > _HUNDRED - _EDGE else "middle"
    return Mark(round(middle, 3), anchor, bar.text)


def _round_up(value: float) -> float:
    """Return the next 1, 2, 4, 6 or 8 times a power of ten: a scale that halves well."""
    if value <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)
