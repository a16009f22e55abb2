"""Where a redirect leads in the end: wildcards filled in, circles and chains found."""

from collections.abc import Callable

GONE = 410
MOST_HOPS = 10
STAR = "/*"
#: Stands for whatever a wildcard may be, to see where it leads.
ANY = "any-page"
#: (source, target) of the redirect that takes a path, or None.
Lookup = Callable[[str], tuple[str, str] | None]


def candidates(path: str) -> list[str]:
    """Return the sources that take a path, the most exact first: `/a/b`, `/a/b/*`, `/a/*`, `/*`."""
    bare = path.rstrip("/") or "/"
    found = [path, *([bare] if bare != path else [])]
    stem = "" if bare == "/" else bare
    while stem:
        found.append(stem + STAR)
        stem = stem.rpartition("/")[0]
    return [*found, STAR]


def led_to(source: str, target: str, path: str) -> str:
    """Return where a path is led by the redirect that takes it."""
    if not source.endswith(STAR) or "*" not in target:
        return target
    rest = path[len(source) - 1 :] if path.startswith(source[:-1]) else ""
    return target.replace("*", rest.lstrip("/"), 1)


def trail(path: str, lookup: Lookup) -> tuple[list[str], bool]:
    """Return (the addresses that a visitor of a path passes, whether they never arrive)."""
    passed, now = [path], path
    for _hop in range(MOST_HOPS):
        found = lookup(now.partition("?")[0].partition("#")[0])
        if found is None or not found[1]:
            return passed, False
        now = led_to(*found, now)
        passed.append(now)
        if passed.count(now) > 1:
            return passed, True
        if not now.startswith("/"):
            return passed, False
    return passed, True


def sample(source: str) -> str:
    """Return a path that a source takes."""
    return source[:-1] + ANY if source.endswith(STAR) else source
