"""Where commands find backups: on the shelf, in a file, or in a second place, also of a site that is lost."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer

from app.environment import environment, overrides
from engine.core.backupsettings import BUCKET, BackupSettings
from engine.core.errors import AgoraError, NotFound
from engine.core.i18n import _
from engine.core.secrets import load_secrets
from engine.core.settings import opened
from engine.operations.backups import elsewhere
from engine.operations.backups.carrying import bring
from engine.operations.backups.making import Ground
from engine.operations.backups.ports import Place
from engine.operations.backups.shelf import Backup, Shelf

#: Of the settings, what the environment says.
_OURS = "backups."


def kept_settings(ground: Ground) -> BackupSettings:
    """Return the schedule as it is stored, whatever the age of the data; as it comes where nothing can be read."""
    said = {
        path.removeprefix(_OURS): value for path, value in overrides(environment()).items() if path.startswith(_OURS)
    }

    def decrypt(secret: str) -> str:
        return load_secrets(ground.folder).decrypt(secret)  # whose file is made where there is none: only if it must be

    try:
        stored = opened(BackupSettings, dict(ground.copies.settings(BackupSettings.key)), decrypt)
        return BackupSettings.model_validate({**stored, **said})
    except Exception:  # noqa: BLE001 - a damaged database is why one is here
        return BackupSettings.model_validate(said)


def there(ground: Ground, shelf: Shelf, kept: BackupSettings, address: str) -> Sequence[Backup]:
    """Return the backups of a second place, looked at now; one that is away is told, and the rest is shown."""
    if not address or ground.places is None:
        return ()
    place = ground.places.open(address, kept)
    if address != kept.second_place:
        return _listed(shelf, place, address, ground)
    try:
        elsewhere.look(shelf, place, address, ground.folder, ground.clock.now())
    except AgoraError as error:
        typer.echo(f"{error} What was there at the last look:", err=True)
    return elsewhere.backups_seen(shelf, address)


def _listed(shelf: Shelf, place: Place, address: str, ground: Ground) -> Sequence[Backup]:
    """Return what lies in a place that is not this installation's, and write nothing of it down here."""
    with shelf.scratch() as scratch:
        apart = Shelf(scratch)
        elsewhere.look(apart, place, address, ground.folder, ground.clock.now())
        return elsewhere.backups_seen(apart, address)


def say_sent(ground: Ground, shelf: Shelf, kept: BackupSettings) -> None:
    """Copy to the second place what it lacks, and say so; a place that is away is told and made up for later."""
    try:
        place = elsewhere.open_place(ground, kept)
        if place is not None:
            now = ground.clock.now()
            elsewhere.send(shelf, place, kept.second_place, shelf.backups(), ground.folder, now)
            typer.echo(f"It is copied to {place.shown} as well.")
    except AgoraError as error:
        typer.echo(f"It was not copied to the second place; Agora tries again by itself. {error}", err=True)


def find_or_fetch(ground: Ground, shelf: Shelf, name: str) -> Path:
    """Return a backup's file: a path, a name on the shelf, or one in a second place, which is brought here first.

    Raises NotFound, and Unavailable while the place is away.
    """
    places = [Path(name).absolute(), shelf.folder / name, ground.shelf.folder / name]
    found = next((place for place in places if place.is_file()), None)
    if found is not None:
        return found
    kept = kept_settings(ground)
    address, _slash, short = name.rpartition("/") if BUCKET.fullmatch(name) else (kept.second_place, "", name)
    away = next((one for one in there(ground, shelf, kept, address) if one.name == short), None)
    if away is None or ground.places is None:
        raise NotFound(_("There is no backup “{name}”. “agora backup list” shows which there are."), name=name)
    typer.echo(f"It is brought here from {address} first.")
    return elsewhere.fetch(shelf, ground.places.open(address, kept), away)


@contextmanager
def written(ground: Ground, shelf: Shelf, address: str, at: datetime) -> Iterator[Shelf]:
    """A shelf on which lies what was written down each minute: ours, or that of a place, as far as it is needed."""
    kept = kept_settings(ground)
    if not address and not shelf.folder.joinpath("minutes").exists():
        address = kept.second_place
    if not address or ground.places is None:
        yield shelf
        return
    with shelf.scratch() as scratch:
        yield bring(ground.places.open(address, kept), at, scratch)
