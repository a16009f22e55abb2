"""Reading a PostgreSQL dump from end to end without a database to restore it into."""

import json
import re
import subprocess
from pathlib import Path

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.operations.backups.ports import Contents

_COPY = re.compile(rb"COPY (?:[^ .]+\.)?\"?([^ \".]+)\"? \((.*)\) FROM stdin;\n")
_END = b"\\.\n"


def read_through(pg_restore: str, dump: Path) -> Contents:
    """Return what a dump holds, every row of it read and counted. Raises Invalid where it is damaged."""
    rows: dict[str, int] = {}
    revision, site, table, columns = "", "", "", [""]
    with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, without a shell
        [pg_restore, "--file=-", str(dump)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as reading:
        for line in reading.stdout or ():
            if table:
                if line == _END:
                    table = ""
                    continue
                rows[table] += 1
                if table == "alembic_version":
                    revision = line.decode().strip()
                elif table == "site_settings" and line.startswith(b"general\t"):
                    site = _site(line.decode().rstrip("\n").split("\t")[columns.index("value")])
            elif found := _COPY.fullmatch(line):
                table = found[1].decode()
                columns = found[2].decode().split(", ")
                rows[table] = 0
        said = (reading.stderr.read() if reading.stderr else b"").decode(errors="replace")
    if reading.returncode or "alembic_version" not in rows:
        raise Invalid(_("The database in the backup is damaged: {reason}."), reason=said.strip()[:300] or "no tables")
    return Contents(revision, rows, site)


def _site(value: str) -> str:
    """Return the organisation's name from a row of settings, as COPY writes it."""
    try:
        return str(json.loads(value.replace("\\\\", "\\")).get("siteName", ""))
    except ValueError:
        return ""
