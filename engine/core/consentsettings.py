"""How visitors are asked for consent."""

from typing import Annotated

from pydantic import Field

from engine.core.setting import Line, Link, Paragraph, Settings


class ConsentSettings(Settings):
    """The words of the question. version: grows when everybody is to be asked again."""

    key = "consent"
    heading: Line = ""
    text: Paragraph = ""
    policy_url: Link = ""
    version: Annotated[int, Field(ge=1, le=1_000_000)] = 1
