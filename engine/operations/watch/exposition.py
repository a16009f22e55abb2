"""Numbers as Prometheus reads them.

Source: prometheus.io, "Exposition formats", text format 0.0.4.
"""

from collections.abc import Iterable, Sequence

from engine.core.measures import BOUNDS, Histogram, Measures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labelled = tuple[Sequence[str], float]


def family(name: str, kind: str, about: str, labels: Sequence[str], readings: Iterable[Labelled]) -> Iterable[str]:
    """Yield the lines of one family. labels: their names; readings: their values, and the number."""
    yield f"# HELP agora_{name} {about}"
    yield f"# TYPE agora_{name} {kind}"
    for values, number in readings:
        yield f"agora_{name}{_labels(labels, values)} {_number(number)}"


def histograms(name: str, about: str, label: str, found: Iterable[tuple[str, Histogram]]) -> Iterable[str]:
    """Yield the lines of a histogram in seconds, one for each value of the label."""
    yield f"# HELP agora_{name} {about}"
    yield f"# TYPE agora_{name} histogram"
    for value, histogram in found:
        seen = 0
        for bound, count in zip((*map(_number, BOUNDS), "+Inf"), histogram.counts, strict=True):
            seen += count
            yield f"agora_{name}_bucket{_labels((label, 'le'), (value, bound))} {seen}"
        yield f"agora_{name}_sum{_labels((label,), (value,))} {_number(histogram.seconds)}"
        yield f"agora_{name}_count{_labels((label,), (value,))} {seen}"


def measured(measures: Measures) -> Iterable[str]:
    """Yield what the process counted of its own work."""
    requests = [((s, m, r, str(code)), count) for (s, m, r, code), count in sorted(measures.requests.items())]
    labels = ("surface", "method", "route", "status")
    yield from family("requests_total", "counter", "Requests by surface and route.", labels, requests)
    about = "Seconds until an answer began."
    yield from histograms("request_seconds", about, "surface", sorted(measures.latency.items()))
    about = "Seconds of a unit of work in the database, with its waiting."
    yield from histograms("database_seconds", about, "kind", sorted(measures.database.items()))
    caches = sorted(measures.caches.items())
    yield from family("cache_requests_total", "counter", "Questions to caches.", ("cache", "result"), caches)


def _labels(names: Sequence[str], values: Sequence[str]) -> str:
    if not names:
        return ""
    pairs = (f'{name}="{_escaped(value)}"' for name, value in zip(names, values, strict=True))
    return "{" + ",".join(pairs) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
