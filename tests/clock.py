"""A clock that tests move by hand."""

from datetime import UTC, datetime, timedelta


class TestClock:
    """Stands at noon of 1 June 2026 (UTC) until moved."""

    __test__ = False

    def __init__(self) -> None:
        self._now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, **by: float) -> None:
        """Move on: `clock.move(minutes=31)`."""
        self._now += timedelta(**by)
