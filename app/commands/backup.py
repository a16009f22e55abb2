"""`agora backup`: make one, list them, try one out, put one back, and a drill. A server may run beside all but one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from filelock import FileLock, Timeout

from app.commands.shelves import find_or_fetch, kept_settings, say_sent, there, written
from app.engines import ground_of
from app.environment import environment
from app.logs import configure_logging
from app.opening import LOCK, open_data
from app.options import Data
from app.settings import Settings, load_settings, prepare_data_dir
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.migrations import is_known
from engine.operations.backups import drilling, elsewhere, making, minutes, restoring
from engine.operations.backups.making import Asked, Ground
from engine.operations.backups.manifest import KINDS
from engine.operations.backups.sealing import check_passphrase, is_sealed
from engine.operations.backups.shelf import Shelf

PASSPHRASE = "AGORA_BACKUP_PASSPHRASE"  # noqa: S105 - the variable's name
backup = typer.Typer(name="backup", help="Make, list, try out and put back backups.", no_args_is_help=True)
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", dir_okay=False, help=f"A file whose first line is the passphrase. Or {PASSPHRASE}."
    ),
]
Named = Annotated[
    str,
    typer.Argument(help="A file, the name of one that “agora backup list” shows, or its address in a second place."),
]
From = Annotated[str, typer.Option("--from", help="Only those of this place: a folder, s3:// or azure://.")]


@backup.command()
def create(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", dir_okay=False, help="The file to write; else a place in the list.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """Put database, files, settings and keys into one file, and try it out. The site goes on meanwhile."""
    ground, shelf = _ground(data)
    kept = kept_settings(ground)
    passphrase = _given(passphrase_file) or (kept.passphrase if output is None else "")
    if passphrase:
        check_passphrase(passphrase)
    if output is not None and not output.absolute().parent.is_dir():
        raise Invalid(_("There is no folder {folder}. Make it first."), folder=str(output.absolute().parent))
    asked = Asked(passphrase=passphrase, has_files=ground.store is None or kept.stored_files)
    made = making.make(ground, shelf, asked, target=output and output.absolute())
    typer.echo(f"{made}: {made.stat().st_size:,} bytes, tried out and whole.")
    if output is None:
        say_sent(ground, shelf, kept)
    if not passphrase:
        typer.echo("It is not sealed: whoever has this file has your keys and your customers’ data.")


@backup.command(name="list")
def list_(place: From = "", data: Data = None) -> None:
    """List the backups of this installation and of its second place, the newest first."""
    ground, shelf = _ground(data)
    kept = kept_settings(ground)
    found = [] if place else [one for at in {shelf.folder, ground.shelf.folder} for one in Shelf(at).backups()]
    address = place or kept.second_place
    away = there(ground, shelf, kept, address)
    here = {one.name for one in found}
    for one in sorted([*found, *(one for one in away if one.name not in here)], key=lambda one: one.made_at)[::-1]:
        state = one.problem or (f"whole at {one.verified_at:%Y-%m-%d %H:%M}" if one.verified_at else "not tried out")
        sealed = ", sealed" if one.is_sealed else ""
        typer.echo(str(one.path) if one.is_here else f"{address}/{one.name}")
        copied = "; also in the second place" if one.is_here and one.name in {a.name for a in away} else ""
        typer.echo(
            f"    {one.made_at:%Y-%m-%d %H:%M} UTC  {one.size:>15,} bytes  {KINDS[one.kind]}{sealed}; {state}{copied}"
        )
    if not found and not away:
        typer.echo("There are no backups yet. Make one with: agora backup create")


@backup.command()
def verify(name: Named, passphrase_file: PassphraseFile = None, data: Data = None) -> None:
    """Try a backup out: read every byte, restore it into a scratch folder, and look through its database."""
    ground, shelf = _ground(data)
    path = find_or_fetch(ground, shelf, name)
    passphrase = _passphrase_for(ground, path, passphrase_file)
    if path.parent in (shelf.folder, ground.shelf.folder):
        said = making.verify_kept(ground, Shelf(path.parent), path.name, passphrase)
    else:
        with shelf.scratch() as scratch:
            said = making.verify(ground.copies, path, passphrase, scratch)
    typer.echo(
        f"It is whole: “{said.site}”, Agora {said.agora}, schema {said.revision}, {sum(said.rows.values()):,} rows in "
        f"{len(said.rows)} tables, {said.files:,} files, {said.bytes:,} bytes."
    )
    if said.engine != ground.copies.engine:
        typer.echo(f"Its database ({said.engine}) was read, not opened: this installation runs on another one.")
    for key in said.missing[:20]:
        typer.echo(f"  was gone already when it was made: {key}")


@backup.command()
def restore(
    name: Named,
    yes: Annotated[bool, typer.Option("--yes", help="Do it: what is there now is replaced as a whole.")] = False,
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """Put a backup in the place of what is there. If it does not pass its check, everything goes back by itself."""
    ground, shelf = _ground(data)
    if not yes:
        raise Invalid(_("This replaces everything in {folder}. Say --yes to do it."), folder=str(ground.folder))
    path = find_or_fetch(ground, shelf, name)
    passphrase = _passphrase_for(ground, path, passphrase_file)
    settings = load_settings(data_dir=data)
    with _alone(settings):
        said = restoring.stage(ground, path, passphrase, known=is_known)
        outcome = open_data(settings)
    if outcome is None or outcome.problem:
        raise Conflict(
            _("The backup could not be put back: {reason}. Everything is as it was."),
            reason=outcome.problem if outcome else "?",
        )
    typer.echo(f"“{said.site}” of {said.made_at:%Y-%m-%d %H:%M} UTC is in place.")
    if (ground.folder / restoring.BEFORE).exists():
        typer.echo(f"What was there before is in {ground.folder / restoring.BEFORE}.")


@backup.command()
def moment(
    at: Annotated[str, typer.Argument(help="Such as “2026-11-26 14:35”, in the site’s time zone, or with +00:00.")],
    folder: Annotated[
        str,
        typer.Option("--folder", help="The place with backups of a site that is lost: a folder, s3:// or azure://."),
    ] = "",
    passphrase_file: PassphraseFile = None,
    data: Data = None,
) -> None:
    """Make a backup of the database as it was at a minute of the last day; “restore” puts it back. SQLite only."""
    ground, shelf = _ground(data)
    try:
        typed = datetime.fromisoformat(at)
    except ValueError:
        raise Invalid(_("“{at}” is not a moment. Write it like 2026-11-26 14:35."), at=at) from None
    if typed.tzinfo is None:
        typed = typed.replace(tzinfo=ZoneInfo(str(ground.copies.settings("general").get("timezone", "UTC"))))
    passphrase = _given(passphrase_file) or kept_settings(ground).passphrase
    with written(ground, shelf, folder, typed) as source:
        made = minutes.moment(ground, source, typed, passphrase, shelf)
    typer.echo(f"{made}: the database as it was then, tried out and whole. Files stay as they are.")
    typer.echo(f"Put it back with: agora backup restore {made.name} --yes")


@backup.command()
def drill(passphrase_file: PassphraseFile = None, data: Data = None) -> None:
    """Measure what a disaster would cost: restore the newest backup beside the data, and print time and loss."""
    ground, shelf = _ground(data)
    kept = kept_settings(ground)
    place = elsewhere.open_place(ground, kept)
    away = drilling.away_of(place, there(ground, shelf, kept, kept.second_place))
    is_beside = shelf.is_on_disk_of(ground.folder) and not elsewhere.seen(shelf, kept.second_place).apart
    passphrase = _given(passphrase_file) or kept.passphrase
    report = drilling.drill(ground, [shelf, ground.shelf], passphrase, away=away, is_beside=is_beside)
    for line in drilling.table(report):
        typer.echo(line)
    raise typer.Exit(0 if report.holds else 1)


def rollback(
    yes: Annotated[bool, typer.Option("--yes", help="Do it: changes since the upgrade are lost.")] = False,
    data: Data = None,
) -> None:
    """Put the data back as it was before the last upgrade; then start the version from before."""
    ground, _shelf = _ground(data)
    found = next((one for one in ground.shelf.backups() if one.kind.value == "upgrade"), None)
    if found is None:
        raise NotFound(_("There is no backup from before an upgrade."))
    if not yes:
        raise Invalid(
            _("This puts the data back to {moment} UTC, schema {revision}; what changed since is lost. Say --yes."),
            moment=f"{found.made_at:%Y-%m-%d %H:%M}",
            revision=found.revision,
        )
    with _alone(load_settings(data_dir=data)):
        restoring.stage(ground, found.path, upgrades=False)
        restoring.settle(ground, lambda _plan: None)
    typer.echo(f"The data is of schema {found.revision} again, as Agora {found.agora} left it. Start that version now:")
    typer.echo("this one would bring the data on again.")


@backup.callback()
def _backup() -> None:
    """Make, list, try out and put back backups."""


def _ground(data: Path | None) -> tuple[Ground, Shelf]:
    """Return what is backed up, and the shelf of this installation; nothing is migrated by looking."""
    settings = load_settings(data_dir=data)
    configure_logging("warning")
    prepare_data_dir(settings.data_dir)
    ground = ground_of(settings)
    folder = kept_settings(ground).folder
    return ground, Shelf(Path(folder)) if folder else ground.shelf


def _given(file: Path | None) -> str:
    """Return the passphrase from the file or the environment; empty where none was given."""
    if file is None:
        return environment().get(PASSPHRASE, "")
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].strip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            _("The passphrase in {file} cannot be read: {reason}."), file=str(file), reason=str(error)
        ) from error


def _passphrase_for(ground: Ground, path: Path, file: Path | None) -> str:
    return (_given(file) or kept_settings(ground).passphrase) if is_sealed(path) else ""


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    try:
        with FileLock(settings.data_dir / LOCK, timeout=0, thread_local=False):
            yield
    except Timeout:
        raise Conflict(_("Agora is running on {folder}. Stop it first."), folder=str(settings.data_dir)) from None
