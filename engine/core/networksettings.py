"""How the site is found on its own network: its name there, and whether it speaks https."""

from typing import Annotated

from pydantic import Field

from engine.core.setting import Settings

HostLabel = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]


class LocalNetwork(Settings):
    """The name is one label: `agora` is found as agora.local. https: by certificates of this installation's own."""

    key = "system.network"
    name: HostLabel = "agora"
    announced: bool = True
    https: bool = False
