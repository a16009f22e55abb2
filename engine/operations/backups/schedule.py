"""When a backup is due, when one is too old to keep, and what of all this somebody must know: decisions alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.core.backupsettings import BackupSettings
from engine.core.errors import Unavailable
from engine.core.i18n import Message, _, ngettext
from engine.operations.backups.manifest import Kind
from engine.operations.backups.shelf import Backup, News, Shelf

#: How old the newest may be before somebody is told: a day, and time to be made in.
LATEST = timedelta(hours=26)
#: Kinds that go by themselves when their time is over; what people made or brought is theirs to delete.
PASSING = (Kind.SCHEDULED, Kind.UPGRADE, Kind.MOMENT)


def due(settings: BackupSettings, zone: ZoneInfo, now: datetime, news: News) -> bool:
    """Return whether the last moment of the schedule passed without a try: also while the machine was off."""
    today = now.astimezone(zone).date()
    moments = [datetime.combine(today - timedelta(days=days), settings.time, zone) for days in (0, 1)]
    moment = next(at for at in moments if at.astimezone(UTC) <= now or at is moments[-1])
    known = [at for at in (news.since, news.tried_at) if at is not None]
    return bool(known) and max(known) < moment.astimezone(UTC)


def outdated(backups: Sequence[Backup], keep_days: int, now: datetime) -> list[Backup]:
    """Return those whose time is over. The newest that was found whole stays, however old it is."""
    whole = [one for one in backups if one.verified_at is not None and not one.is_part]
    last = max(whole, key=lambda one: one.made_at, default=None)
    before = now - timedelta(days=keep_days)
    return [one for one in backups if one.kind in PASSING and one.made_at < before and one != last]


def worry(shelf: Shelf, settings: BackupSettings, now: datetime) -> Message | None:
    """Return what somebody must know of the backups; None where they are as they should be."""
    try:
        backups, news = shelf.backups(), shelf.news
    except Unavailable as error:
        return error.message if isinstance(error.message, Message) else _("{reason}").having(reason=error.message)
    if news.problem:
        return _("The last backup failed: {reason}").having(reason=news.problem)
    newest = next((one for one in backups if not one.is_part), None)
    if newest is not None and newest.problem:
        return _("The newest backup is damaged: {reason}").having(reason=newest.problem)
    is_watched = settings.enabled and news.since is not None and now - news.since > LATEST
    return _lateness(newest, now) if is_watched else None


def _lateness(newest: Backup | None, now: datetime) -> Message | None:
    if newest is None:
        return _("There is no backup yet, though one is made each day")
    late = now - newest.made_at
    return (
        ngettext("The last backup is {count} day old", "The last backup is {count} days old", late.days)
        if late > LATEST
        else None
    )
