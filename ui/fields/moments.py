"""Widgets whose value is a date, or a moment in the zone that stands beside it."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.core.i18n import Message, _
from ui.fields import FieldView
from ui.fields.posted import REQUIRED, Posted, refusal

_NO_DATE = _("“{value}” is not a date. Write it like 2026-05-01.")
_NO_TIME = _("“{value}” is not a date with a time. Write it like 2026-05-01 18:00.")
_GAP = _("There is no {value} in {zone}: the clocks go forward then. Use {next}.")
_TWICE = _("{value} comes twice in {zone}, for the clocks go back then. Choose which of the two you mean.")
_BEFORE = _("before the clocks go back ({offset})")
_AFTER = _("after the clocks go back ({offset})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DATE.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,6})?)?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?")
_LOCAL = len("2026-05-01T18:00")


def parse_date(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return a date as ISO text."""
    text = posted.text(path).strip()
    if not text:
        return _nothing(view, path)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise refusal(path, _NO_DATE, value=text)


def parse_datetime(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return a moment as ISO text in UTC, from a local time in the field's zone.

    Raises Invalid for a time that the clocks leave out, and for one that comes twice unless the offset says which.
    """
    text = typed_datetime(view, posted, path).strip()
    if not text:
        return _nothing(view, path)
    try:
        if not _TIME.fullmatch(text):
            raise ValueError(text)  # noqa: TRY301 - fromisoformat takes weeks and bare hours too
        moment = datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", ""))
        if moment.tzinfo is None:
            moment = _placed(moment, view, path)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise refusal(path, _NO_TIME, value=text) from None


def _placed(local: datetime, view: FieldView, path: str) -> datetime:
    """Return the one moment that has this local time in the field's zone."""
    found = _moments_at(local, view.timezone)
    if len(found) == 1:
        return found[0]
    said = local.isoformat(sep=" ", timespec="minutes")
    if found:
        raise refusal(path, _TWICE, value=said, zone=view.timezone)
    after = local.replace(tzinfo=ZoneInfo(view.timezone)).astimezone(UTC).astimezone(ZoneInfo(view.timezone))
    following = after.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    raise refusal(path, _GAP, value=said, zone=view.timezone, next=following)


def _moments_at(local: datetime, timezone: str) -> list[datetime]:
    """Return the moments of a local time: one, two when clocks go back, none when they go forward."""
    zone = ZoneInfo(timezone)
    both = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    real = [one for one in both if one.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == local]
    return real[:1] if len(real) == 2 and real[0].utcoffset() == real[1].utcoffset() else real


def _nothing(view: FieldView, path: str) -> None:
    if view.required:
        raise refusal(path, REQUIRED)


def typed_datetime(view: FieldView, posted: Posted, path: str) -> str:
    """Return what was typed, with its offset where one was chosen and the time comes twice."""
    text, offset = posted.text(path), posted.text(f"{path}.offset")
    return text + offset if offset in dict(offsets_at(text, view.timezone)) else text


def offsets_at(text: str, timezone: str) -> list[tuple[str, Message]]:
    """Return (offset, words) of the two moments that a local time has when clocks go back; else nothing."""
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=None)
        found = _moments_at(local, timezone)
    except (ValueError, OverflowError):
        return []
    if len(found) < 2:
        return []
    words = zip((_BEFORE, _AFTER), map(_offset, found), strict=True)
    return [(offset, message.having(offset=f"UTC{offset}")) for message, offset in words]


def _offset(moment: datetime) -> str:
    return moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]


def local_of(text: str) -> str:
    """Return the part of a typed or shown moment that the browser's own control can hold."""
    return re.sub(r"(Z|[+-][0-9]{2}:?[0-9]{2})$", "", text[_LOCAL:]).join((text[:_LOCAL], ""))


def offset_of(text: str) -> str:
    """Return the offset at the end of a typed or shown moment, or ""."""
    return text[len(local_of(text)) :]


def shown_date(view: FieldView, value: Any, locale: str) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def shown_datetime(view: FieldView, value: Any, locale: str) -> str:
    """Return the local time in the field's zone; with its offset where it comes twice, so that nothing is lost."""
    moment = moment_of(value)
    if moment is None:
        return str(value or "")
    local = moment.astimezone(ZoneInfo(view.timezone))
    bare = local.replace(tzinfo=None, microsecond=local.microsecond // 1000 * 1000)
    text = bare.isoformat(timespec="milliseconds" if bare.microsecond else "seconds" if bare.second else "minutes")
    return text + (_offset(local) if offsets_at(text, view.timezone) else "")


def moment_of(value: Any) -> datetime | None:
    """Return an aware moment from the wire's ISO text or a datetime; None for what is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if not isinstance(found, datetime):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day_of(value: Any) -> date | None:
    """Return a date from the wire's ISO text or a date; None for what is none."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else value if isinstance(value, date) else None
    except ValueError:
        return None
