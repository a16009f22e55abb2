"""The database, and what it says of the site: its owner, its surfaces, its e-mail. Opened as it is, never migrated."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.doctor.addresses import address_findings
from app.doctor.backups import backup_findings
from app.doctor.finding import Finding, Level, fail, fine, warn
from app.doctor.postgres import postgres_findings
from app.environment import overrides
from app.settings import Settings
from app.switching.databases import reason_of
from app.wiring import wire
from engine import migrations
from engine.accounts import identity
from engine.api.ports import Ports
from engine.commerce.catalog import kept, shelf_counts
from engine.commerce.ordering import sums
from engine.core.errors import AgoraError
from engine.core.ports import IndexState
from engine.core.probing import Reading, readings
from engine.core.settings import Site
from engine.core.site import Reach

LOCAL_MAIL = "outbox"


def site_findings(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Say how the database is and, where it can be read, what is in it."""
    database = _database(settings)
    yield database
    is_readable = database.level is Level.OK and (settings.data_dir / "secrets.json").exists()
    if not is_readable or not _is_there(settings):
        return
    yield from postgres_findings(settings)
    try:
        ports = wire(settings, overrides(environ))
        yield from asyncio.run(_look(ports, settings))
    except AgoraError as error:
        yield fail(str(error))


async def _look(ports: Ports, settings: Settings) -> list[Finding]:
    try:
        site = await ports.settings.refresh()
        is_claimed = await ports.db.query(identity.has_owner)
        search = await ports.keeper.state()
        asked = await readings([one for one in ports.engines if one.role not in ("database", "search")])
        backups = await backup_findings(ports) if is_claimed else []
        wrong = await ports.db.query(sums.differences)
        strayed = [*await ports.db.query(kept.differences), *await ports.db.query(shelf_counts.differences)]
    finally:
        await ports.search.close()
        await ports.cache.close()
        await ports.db.close()
    found = [_owner(is_claimed=is_claimed), *_surfaces(site, settings), _email(site), _search(search, site)]
    found += [_sums(wrong), _catalogue(strayed)]
    return [*found, *address_findings(settings, site), *(_engine(one) for one in asked), *backups]


def _sums(wrong: list[str]) -> Finding:
    if not wrong:
        return fine("The sums that the dashboard keeps are what the orders come to.")
    return fail(f"The dashboard is wrong: {wrong[0]}. Tell us; meanwhile its other days are right.")


def _catalogue(strayed: list[str]) -> Finding:
    if not strayed:
        return fine("What lists of products are searched and sorted by is what the products say.")
    return fail(f"Lists of products are wrong: {strayed[0]}. Tell us; saving the product mends it.")


ROLES = {"cache": "The cache", "queue": "The bus", "storage": "The file store"}


def _engine(one: Reading) -> Finding:
    what = f"{ROLES[one.role]} ({one.name})"
    if not one.problem:
        return fine(f"{what} answers in {one.milliseconds:.0f} ms.")
    reason = str(one.problem).rstrip(".")
    if one.role == "storage":
        return fail(f"{what} does not work: {reason}. Files cannot be shown or taken in until it does.")
    return warn(f"{what} does not work: {reason}. Each process goes on by itself until it does.")


def _is_there(settings: Settings) -> bool:
    url = make_url(settings.database.url)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def _database(settings: Settings) -> Finding:
    shown = settings.database.shown
    if not _is_there(settings):
        return fine("There is no database yet; the first start makes it.")
    engine = create_engine(settings.database.url)
    try:
        with engine.connect() as connection:
            revision = migrations.revision_of(connection)
            damage = _damage(connection)
    except SQLAlchemyError as error:
        return fail(f"The database {shown} cannot be opened: {reason_of(error)}.")
    finally:
        engine.dispose()
    if damage:
        return fail(f"The database {shown} is damaged ({damage}). Put a backup in its place.")
    return _standing(revision, shown)


def _standing(revision: str | None, shown: str) -> Finding:
    match migrations.standing_of(revision):
        case migrations.Standing.NEW:
            return warn(f"The database {shown} is empty; the next start, or agora migrate, sets it up.")
        case migrations.Standing.OLD:
            return warn(f"The database {shown} is of an older version; the next start, or agora migrate, brings it on.")
        case migrations.Standing.AHEAD:
            return fail(f"The database {shown} was written by a newer Agora (schema {revision}). Install that version.")
    return fine(f"The database {shown} answers and is at this version.")


def _damage(connection: Connection) -> str | None:
    if connection.dialect.name != "sqlite":
        return None
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return None if found == "ok" else str(found).splitlines()[0]


def _owner(*, is_claimed: bool) -> Finding:
    if is_claimed:
        return fine("The site has an owner.")
    return warn("Nobody owns this site yet. Start Agora and open the address that it prints.")


def _surfaces(site: Site, settings: Settings) -> Iterator[Finding]:
    switches = site.system.surfaces
    names = type(switches).model_fields
    for reach in Reach:
        there = [name for name in names if getattr(switches, name) is reach]
        if there:
            yield fine(f"Open to {reach.value.replace('-', ' ')}: {', '.join(there)}.")
    address = site.general.site_url or settings.frontend_url or ""
    if switches.admin is Reach.EVERYONE and not address.startswith("https://"):
        yield warn("The admin is open to everyone and the site's address is not https. Put a certificate before it.")


def _search(state: IndexState, site: Site) -> Finding:
    engine = site.system.feature_backends.search
    if not state.problem:
        return fine(f"The search index ({engine}) holds {state.documents} things.")
    if state.problem == "away":
        return fail(f"{str(state.why).removesuffix('.')}. Nothing is found until it does; the shop goes on.")
    remedy = "the running server, the next start, or agora reindex builds it"
    return warn(f"The search index ({engine}) is {state.problem}: {remedy}.")


def _email(site: Site) -> Finding:
    email = site.email
    if not email.enabled:
        return warn("E-mail is switched off: shoppers get no messages. Switch it on under Settings, E-mail.")
    if email.provider == LOCAL_MAIL:
        return warn("E-mails stay in the admin's outbox. Choose how they are sent under Settings, E-mail.")
    if email.provider == "smtp" and not email.credentials.get("host"):
        return fail("E-mail goes by SMTP and no mail server is named. Name it under Settings, E-mail.")
    if email.test_mode:
        return warn(f"E-mail is in test mode: everything goes to {email.test_recipient or 'nobody'}.")
    return fine(f"E-mail goes by {email.provider}.")
