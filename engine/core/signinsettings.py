"""What signing in asks of staff. The settings key `sign_in`."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime

from engine.core.setting import Meaning, Settings


class SignInSettings(Settings):
    """staff_step_from: from this moment on, staff may do nothing until they have a second step; empty: they need none.

    The time until then is the grace that they are given. Setting one up needs the password alone: nobody is locked out.
    """

    key = "sign_in"
    staff_step_from: Annotated[AwareDatetime | None, Meaning("moment")] = None

    def asks_step(self, now: datetime) -> bool:
        """Return whether staff must have a second step at this moment."""
        return self.staff_step_from is not None and self.staff_step_from <= now
