"""Every call of the API by Schemathesis against a real server, as owner, customer and stranger: `make fuzz`.

`tests/security/test_every_call.py` does the same in a minute; this goes on for as long as it is told to.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from tests.server import PASSWORD, ROOT, Server

PEOPLE = {"owner": "owner@example.org", "customer": "ada@example.org", "stranger": ""}
#: What would end the run: the sessions it stands on, and the switches by which strangers are let in.
LEFT_OUT = ("endSessions", "endSession", "updateSettings")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,missing_required_header"
)


def fuzz(server: Server, role: str, seconds: int, seed: int, report: Path) -> bool:
    """Return whether nothing was found for one kind of caller; what was stands in the report."""
    document = report.with_name("openapi.json")
    document.write_bytes(httpx.get(f"{server.url}/api/openapi.json", timeout=300).content)
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", str(document), "--url", server.url]
    command += ["--checks", CHECKS, "--max-time", str(seconds), "--seed", str(seed), "--continue-on-failure"]
    command += ["--workers", "1", "--suppress-health-check", "all", "--request-timeout", "120", "--warnings", "off"]
    command += [part for name in LEFT_OUT for part in ("--exclude-operation-id", name)]
    if PEOPLE[role]:
        with server.client(PEOPLE[role]) as client:
            command += ["--header", f"Authorization: {client.headers['authorization']}"]
    with report.open("w") as written:
        done = subprocess.run(command, cwd=server.folder.parent, stdout=written, stderr=written, check=False)
    return done.returncode == 0


def main() -> int:
    """Fuzz as each kind of caller; return 1 where one found something."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=15)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--database", default="", help="a PostgreSQL address; SQLite without one")
    asked.add_argument("--roles", default=",".join(PEOPLE))
    asked.add_argument("--reports", type=Path, default=Path(tempfile.gettempdir()) / "agora-fuzz")
    given = asked.parse_args()
    shutil.rmtree(given.reports, ignore_errors=True)  # of the run before
    given.reports.mkdir(parents=True)
    folder = given.reports / "data"
    environment = {"JWT_EXPIRATION": "7d", **({"DATABASE_URL": given.database} if given.database else {})}
    roles = given.roles.split(",")
    found = []
    with Server(folder, environment) as server:
        server.claim()
        command = [sys.executable, "-m", "app", "demo", "--data", str(folder)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
        with server.client() as client:
            customer = {"email": PEOPLE["customer"], "password": PASSWORD, "name": "Ada"}
            client.post("/auth/register", json=customer).raise_for_status()
        for role in roles:
            report = given.reports / f"{role}.txt"
            if not fuzz(server, role, int(given.minutes * 60 / len(roles)), given.seed, report):
                found.append(role)
            print(report.read_text()[-3_000:])
    print(f"Reports and the server's log: {given.reports}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
