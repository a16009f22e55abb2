"""What is written down each minute, carried to the second place at once: there it outlives the disk of the data."""

from datetime import datetime
from pathlib import Path

from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.operations.backups.manifest import SECRETS
from engine.operations.backups.minutes import BASE, FOLDER, KEPT, LONGEST_CHAIN, STAMP, begun_at, chains
from engine.operations.backups.ports import Place
from engine.operations.backups.shelf import Shelf

#: Chains there that this installation knows nothing of go once no minute of the last day needs them.
OLDEST = KEPT + LONGEST_CHAIN
_FIRST = (SECRETS, BASE)


class Carrier:
    """Remembers what it carried to one place."""

    def __init__(self) -> None:
        self._place = ""
        self._there: set[str] = set()

    def carry(self, shelf: Shelf, place: Place, now: datetime) -> int:
        """Copy what is new, the beginnings of chains first; return how many files that were. Raises Unavailable."""
        if place.shown != self._place:
            self._there = {one.name for one in place.kept(FOLDER)}
            self._place = place.shown
        here = {path.relative_to(shelf.folder).as_posix(): path for path in _written(shelf)}
        count = 0
        for name, path in here.items():
            if name in self._there:
                continue
            try:
                place.put(name, path)
            except FileNotFoundError:
                continue  # forgotten meanwhile
            self._there.add(name)
            count += 1
        self._forget({name.split("/")[1] for name in here}, place, now - OLDEST)
        return count

    def _forget(self, here: set[str], place: Place, before: datetime) -> None:
        for chain in {name.split("/")[1] for name in self._there if name.count("/") == 2} - here:
            if _begun(chain) is None or begun_at(Path(chain)) < before:
                place.remove(f"{FOLDER}/{chain}")
                self._there = {name for name in self._there if name.split("/")[1] != chain}


def _written(shelf: Shelf) -> list[Path]:
    """Return what was written down, chain by chain: what a chain begins with, then its minutes in order."""
    return [
        path
        for chain in chains(shelf.folder / FOLDER)
        for path in sorted(chain.iterdir(), key=lambda one: (one.name not in _FIRST, one.name))
        if not path.name.startswith(".")
    ]


def _begun(chain: str) -> datetime | None:
    try:
        return datetime.strptime(chain, STAMP)  # noqa: DTZ007 - whether it is one at all
    except ValueError:
        return None


def bring(place: Place, at: datetime, into: Path) -> Shelf:
    """Bring what is needed of a moment here, where the house it was written down in is lost; return a shelf with it.

    Raises NotFound for a moment that nobody wrote down, Unavailable.
    """
    names = [one.name for one in place.kept(FOLDER)]
    begun = sorted(name.split("/")[1] for name in names if name.endswith(f"/{BASE}"))
    found = [chain for chain in begun if (_begun(chain) is not None) and begun_at(Path(chain)) <= at]
    if not found:
        first = f"{begun_at(Path(begun[0])):%Y-%m-%d %H:%M} UTC" if begun else "-"
        raise NotFound(_("There is nothing of that minute. The first that can be had is {since}."), since=first)
    folder = into / FOLDER / found[-1]
    folder.mkdir(parents=True, mode=0o700)
    for name in names:
        if name.split("/")[1] == found[-1]:
            place.fetch(name, folder / name.split("/")[-1])
    return Shelf(into)
