"""A block that shows what stands elsewhere: edited there once, it changes wherever it is used."""

import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import One
from engine.core.i18n import _

MAX_CHANGES = 100_000


def _small(changes: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    if len(json.dumps(changes, default=str)) > MAX_CHANGES:
        raise ValueError("too much is changed here; make it a block of this page instead")
    return changes


class ReusableSettings(BlockSettings):
    """source: the page of kind `reusable`. overrides: `{block id: {setting: value}}` of what differs here."""

    source: One("pages") = ""  # type: ignore[valid-type]
    overrides: Annotated[dict[str, dict[str, Any]], AfterValidator(_small), Field(max_length=100)] = {}  # noqa: RUF012 - frozen


REUSING = (
    Block(
        name="reusable",
        label=_("Reusable block"),
        icon="repeat",
        group=BlockGroup.SITE,
        text=_("Something that you edit once and show in many places."),
        settings=ReusableSettings,
        labels={"source": _("What is shown"), "overrides": _("What differs here")},
        helps={"source": _("You find them under Pages, among the reusable blocks.")},
        words="shared global synced pattern symbol snippet",
    ),
)
