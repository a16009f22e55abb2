"""What staff decide about the log. The settings key `logs`."""

from typing import Annotated, Literal

from pydantic import Field

from engine.core.setting import Settings


class LogSettings(Settings):
    """level: from which level on lines are kept; `started` is what the process was started with (AGORA_LOG_LEVEL).

    keep_days: how long files of lines are kept.
    """

    key = "logs"
    level: Literal["started", "debug", "info", "warning", "error"] = "started"
    keep_days: Annotated[int, Field(ge=1, le=365)] = 30
