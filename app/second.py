"""A second start where a window is open: it comes to the front before the rest of the program is read."""

from collections.abc import Callable
from pathlib import Path

from app.doorbell import FILE, peep, ring
from app.settings import load_settings

SHOWN = "Agora is open already: its window is in front now."


def is_shown(data: Path | None, say: Callable[[str], None]) -> bool:
    """Return whether a window on this data folder is in front now; False where none is, or what runs is a server."""
    folder = load_settings(data_dir=data).data_dir
    if not (folder / FILE).is_file():
        return False
    there = peep(folder)
    if there is None or there.kind != "window" or ring(folder) is None:
        return False
    say(SHOWN)
    return True
