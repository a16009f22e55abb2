"""When the house raises the alarm, and who hears it. The settings key `alerts`; the numbers are the guide's."""

from datetime import datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from engine.core.setting import Elsewhere, Email, Meaning, Secret, Settings


def _hour(value: str) -> str:
    try:
        return time.fromisoformat(value).strftime("%H:%M") if value else ""
    except ValueError:
        raise ValueError(f"“{value}” is not a time of day; write it like 22:00, or leave it empty") from None


Hour = Annotated[str, Meaning("time"), AfterValidator(_hour), Field(max_length=8)]
Percent = Annotated[int, Field(ge=1, le=100)]


class AlertSettings(Settings):
    """emails: who is told; empty: every super admin. webhook_url: an address on the public internet that is told, too.

    quiet_from, quiet_until: hours of the site's own time in which warnings wait; critical ones never do.
    """

    key = "alerts"
    enabled: bool = True
    emails: list[Email] = Field(default=[], max_length=20)
    webhook_url: Elsewhere = ""
    webhook_secret: Secret = ""
    quiet_from: Hour = ""
    quiet_until: Hour = ""
    down_minutes: Annotated[int, Field(ge=1, le=60)] = 2
    cpu_percent: Percent = 80
    memory_percent: Percent = 85
    disk_percent: Percent = 90
    slow_seconds: Annotated[int, Field(ge=1, le=60)] = 2
    error_percent: Percent = 1
    connections_percent: Percent = 80
    bus_lag: Annotated[int, Field(ge=1, le=10_000_000)] = 10_000
    lockouts_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 10

    def is_quiet(self, local: datetime) -> bool:
        """Return whether warnings wait at this moment of the site's own time; the hours may span midnight."""
        if not self.quiet_from or not self.quiet_until or self.quiet_from == self.quiet_until:
            return False
        begins, ends, now = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until), local.time()
        return begins <= now < ends if begins < ends else now >= begins or now < ends

    def limit(self, name: str) -> int:
        """Return a threshold by its name."""
        found: Any = getattr(self, name)
        return int(found)
