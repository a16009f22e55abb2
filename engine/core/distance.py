"""How far away somebody is who asks."""

from enum import StrEnum


class Distance(StrEnum):
    """How far away the client is."""

    THIS_MACHINE = "this-machine"
    LOCAL_NETWORK = "local-network"
    AWAY = "away"
