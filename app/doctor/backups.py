"""The backups: whether there is a good one, where it lies, and whether the server's own archive runs."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.doctor.finding import Finding, fail, fine, warn
from engine.api.ports import Ports
from engine.core.errors import AgoraError

RECIPE = "docs/postgresql-archive.md"


async def backup_findings(ports: Ports) -> list[Finding]:
    """Say how the backups are."""
    found = list(_kept(ports))
    if not ports.db.is_sqlite:
        found.append(await ports.db.query(_archive))
    return found


def _kept(ports: Ports) -> Iterator[Finding]:
    ours = ports.backups
    try:
        whole = [one for one in ours.every() if not one.is_part]
        worry = ours.worry(ports.clock.now())
        ours.ground.copies.check_tools()
    except AgoraError as error:
        yield fail(str(error))
        return
    if worry is not None:
        yield fail(f"{str(worry).rstrip('.')}. Look under Backups in the admin.")
    elif not whole:
        yield warn("There is no backup yet. The first is made tonight, or now: agora backup create")
    else:
        yield fine(f"The newest backup is of {whole[0].made_at:%Y-%m-%d %H:%M} UTC, tried out and whole.")
    if ours.lacks_second_place:
        yield warn(
            "Everything, backups too, lies on one disk: if it dies, all is lost. Choose a second place (another "
            "disk, a drive, S3) under Settings, Backup schedule."
        )
    elif ours.settings.second_place and not ours.seen.problem:
        yield fine(f"Backups are copied to {ours.settings.second_place} as well.")


def _archive(connection: Connection) -> Finding:
    """Say whether PostgreSQL keeps what is needed to go back to any minute."""
    mode = connection.execute(text("SHOW archive_mode")).scalar_one()
    if mode == "off":
        return warn(f"PostgreSQL keeps no archive, so up to a day could be lost. {RECIPE} says how to set it up.")
    row = connection.execute(
        text("SELECT failed_count > 0 AND last_failed_time > coalesce(last_archived_time, '-infinity'), "
             "last_failed_wal FROM pg_stat_archiver")
    ).one()  # fmt: skip
    if row[0]:
        return fail(f"PostgreSQL's archive does not take {row[1]}: its archive_command fails. Look into its log.")
    return fine("PostgreSQL's archive runs.")
