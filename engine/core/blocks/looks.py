"""How any block stands on a page: by the theme's tokens only, so that no page falls out of its theme."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Device = Literal["phone", "tablet", "desktop"]
Space = Literal["", "none", "small", "medium", "large"]


class Look(BaseModel):
    """Alignment, background, space and width of a block, where it is hidden, and its anchor. Empty: as its type has it.

    anchor: `#anchor` leads to the block; a–z, 0–9 and hyphens.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )

    align: Literal["", "start", "center", "end"] = ""
    background: Literal["", "plain", "subtle", "soft", "accent", "inverse"] = ""
    space_above: Space = ""
    space_below: Space = ""
    width: Literal["", "narrow", "content", "wide", "full"] = ""
    hidden_on: tuple[Device, ...] = ()
    anchor: Annotated[str, Field(max_length=60, pattern=r"^([a-z][a-z0-9-]*)?$")] = ""
