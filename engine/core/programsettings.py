"""What the program on this machine does by itself: the settings key `program`."""

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator

from engine.core.setting import Line, Link, Settings

KEY_BYTES = 32


def _address(value: str) -> str:
    if value and not value.startswith("https://"):
        raise ValueError(f"“{value}” is not an https:// address; updates come over an encrypted connection only")
    return value


def _key(value: str) -> str:
    value = value.strip()
    try:
        length = len(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        length = -1
    if value and length != KEY_BYTES:
        raise ValueError(f"“{value[:60]}” is no public Ed25519 key; it is 44 characters of base64 and ends in =")
    return value


class ProgramSettings(Settings):
    """A super admin's.

    keeps_serving: whether the shop goes on when the window is closed. starts_at_login: of whoever uses this machine.
    update_address: where new versions are announced; empty: nobody looks. update_key: who must have signed them.
    """

    key = "program"
    keeps_serving: bool = False
    starts_at_login: bool = False
    update_address: Annotated[Link, AfterValidator(_address)] = ""
    update_key: Annotated[Line, AfterValidator(_key)] = ""
