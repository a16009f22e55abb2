"""Markdown, as CommonMark with tables and struck text; front matter as Jekyll, Hugo and Hexo write it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

_fence = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
#: Hexo leaves the first line of dashes out.
_open_ended = re.compile(r"\A\ufeff?((?:[A-Za-z][\w-]*:.*\r?\n|[ \t-].*\r?\n)+?)---[ \t]*\r?$\n?", re.MULTILINE)


@cache
def _markdown() -> Any:
    """Return what turns Markdown into HTML."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - seventy modules, for those who bring a site

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@cache
def _loader() -> Any:
    """Return what reads YAML."""
    import yaml  # noqa: PLC0415 - for those who bring a site

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        """Safe, and without aliases: those are how a few lines become gigabytes."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("aliases are not taken")
            return super().compose_node(parent, index)

    return Loader


def html_of_markdown(text: str) -> str:
    """Return the HTML of a Markdown text. HTML within it stays: it is cleaned with the rest."""
    made: str = _markdown().render(text)
    return made


def parts(text: str) -> tuple[Mapping[str, Any], str]:
    """Return (front matter, body). Raises ValueError with the line and the reason for front matter that is no YAML."""
    found = _fence.match(text) or _open_ended.match(text)
    if found is None:
        return {}, text
    import yaml  # noqa: PLC0415 - as above

    try:
        about = yaml.load(found[1], Loader=_loader())  # noqa: S506 - a safe loader, stricter still
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise ValueError(f"line {mark.line + 2 if mark else 1}: {reason}") from None
    if about is None:
        return {}, text[found.end() :]
    if not isinstance(about, dict):
        return {}, text
    return {str(name).lower(): value for name, value in about.items()}, text[found.end() :]


def moment_of(value: Any) -> datetime | None:
    """Return a date of front matter as a UTC moment."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        return moment_of(datetime.fromisoformat(str(value)))
    except ValueError:
        return None
