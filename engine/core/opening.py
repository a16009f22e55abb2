"""Whether the site is open: live, coming soon or under maintenance, and who is let in while it is not."""

import hmac
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from engine.core.ids import digest
from engine.core.setting import Line, Meaning, Paragraph, Secret, Settings

USUAL_WAIT_SECONDS = 3_600
LONGEST_WAIT_SECONDS = 7 * 24 * 3_600


class Openness(StrEnum):
    """What strangers meet."""

    LIVE = "live"
    COMING_SOON = "coming_soon"
    MAINTENANCE = "maintenance"


class SiteStatus(Settings):
    """What strangers meet, and what they are told meanwhile.

    back_at: when it opens, which is told; opens_itself: and then it does. bypass_key: part of a secret link that lets
    in whoever has it; empty where there is none.
    """

    key = "site_status"
    status: Openness = Openness.LIVE
    heading: Line = ""
    message: Paragraph = ""
    back_at: Annotated[AwareDatetime | None, Meaning("moment")] = None
    opens_itself: bool = False
    bypass_key: Annotated[Secret, Field(pattern=r"^([A-Za-z0-9_-]{20,100})?$")] = ""

    def at(self, now: datetime) -> Openness:
        """Return what strangers meet at this moment."""
        if self.opens_itself and self.back_at is not None and self.back_at <= now:
            return Openness.LIVE
        return self.status

    def retry_after(self, now: datetime) -> int:
        """Return in how many seconds it is worth to ask again."""
        if self.back_at is None or self.back_at <= now:
            return USUAL_WAIT_SECONDS
        return min(max(60, int((self.back_at - now).total_seconds())), LONGEST_WAIT_SECONDS)

    def fits(self, key: str) -> bool:
        """Return whether this is the key of the secret link."""
        return bool(self.bypass_key) and hmac.compare_digest(key.encode(), self.bypass_key.encode())

    def knows(self, mark: str) -> bool:
        """Return whether a browser bears the mark of somebody who came by the link that is good now."""
        return bool(self.bypass_key) and hmac.compare_digest(mark.encode(), digest(self.bypass_key).encode())
