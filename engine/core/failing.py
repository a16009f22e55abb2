"""A database that cannot: a full disk, a file that is locked, a server that is away. Said in plain words, as 503.

The words are for staff, and in the log beside the database's own; a stranger is asked to try again. Nothing was done,
or, where the connection broke while a transaction ended, it may have been: a repeat with the same key finds out.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as AllTakenError

from engine.core.errors import Failing
from engine.core.i18n import Message, _

log = logging.getLogger("agora.database")

ALL_TAKEN = _("The database’s connections are all taken. Try again in a minute; or raise connection_limit.")
UNWRITABLE = _("The database’s file cannot be written to. Check who owns it and whether its disk is read-only.")
#: What SQLite calls it (the beginning of its error names), and what staff are told.
_SQLITE: tuple[tuple[tuple[str, ...], Message], ...] = (
    (("SQLITE_FULL",), _("The disk is full, so nothing can be saved. Free some space; nothing was changed.")),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"), UNWRITABLE),
    (
        ("SQLITE_CORRUPT", "SQLITE_NOTADB"),
        _("The database’s file is damaged. Stop Agora, keep the file, and put back a backup or a minute from before."),
    ),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), _("Somebody else is using the database. Try again in a minute.")),
    (("SQLITE_IOERR",), _("The disk does not take or give what the database needs. Check the disk; try again.")),
)
#: The same by the beginnings of PostgreSQL's codes (SQLSTATE).
_POSTGRES: tuple[tuple[tuple[str, ...], Message], ...] = (
    (("53100",), _SQLITE[0][1]),
    (("XX001", "XX002"), _("The database is damaged. Put back a backup.")),
    (("53", "55P03", "57014", "40"), _("The database has too much to do. Try again in a minute.")),
    (("08", "57P", "58"), _("The database does not answer. Try again in a minute.")),
)


def say_what_fails(engine: Engine, *, is_reader: bool = False) -> None:
    """Have the engine raise Failing where a database cannot do what is right to ask of it.

    is_reader: a change is refused because it may not be asked for here; that is a mistake of ours, and stays loud.
    """

    @event.listens_for(engine, "handle_error")
    def say(context: ExceptionContext) -> None:
        found = context.sqlalchemy_exception
        if context.is_pre_ping or not isinstance(found, DBAPIError) or isinstance(found, IntegrityError):
            return
        error = context.original_exception
        if is_reader and getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY":
            return
        words = words_for(error, is_away=context.is_disconnect)
        if words is not None:
            log.error("the database cannot: %s: %s (%s)", type(error).__name__, error, words)
            raise Failing(words) from error


@contextmanager
def say_when_all_are_taken() -> Iterator[None]:
    """Raise Failing where nobody gives a connection back for as long as one may wait for it."""
    try:
        yield
    except AllTakenError as error:
        log.error("the database cannot: %s (%s)", error, ALL_TAKEN)  # noqa: TRY400 - whoever waited is not to blame
        raise Failing(ALL_TAKEN) from error


def words_for(error: BaseException, *, is_away: bool = False) -> Message | None:
    """Return what staff are told of a driver's error; None for a mistake of ours, which stays loud."""
    name = getattr(error, "sqlite_errorname", None)
    code = getattr(error, "sqlstate", None)
    for key, table in ((name, _SQLITE), (code, _POSTGRES)):
        for beginnings, words in table if key else ():
            if str(key).startswith(beginnings):
                return words
    if is_away or (name is None and code is None and type(error).__name__ in ("OperationalError", "InterfaceError")):
        return _POSTGRES[-1][1]
    return None
