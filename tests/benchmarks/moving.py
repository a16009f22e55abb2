"""WordPress's own test data moved in: a real export, where AGORA_SAMPLES names it."""

import os
import time
from pathlib import Path
from typing import Any

from tests.server import Server

PATIENCE = 120.0
NAME = "02-cms-import/wptt/themeunittestdata.wordpress.xml"


def export() -> Path | None:
    """Return the export, where the samples are."""
    folder = os.environ.get("AGORA_SAMPLES")
    file = Path(folder) / NAME if folder else None
    return file if file and file.exists() else None


def bring_in(server: Server, file: Path) -> dict[str, Any]:
    """Move an export in; return the finished job. The files that it names are not fetched: none come along."""
    with server.client("owner@example.org") as owner:
        sent = {"file": (file.name, file.read_bytes(), "application/xml")}
        begun = owner.post("/content/import", files=sent, data={"format": "wordpress"})
        assert begun.status_code == 202, begun.text
        until = time.perf_counter() + PATIENCE
        while time.perf_counter() < until:
            job: dict[str, Any] = owner.get(f"/jobs/{begun.json()['jobId']}").json()
            if job["status"] in ("succeeded", "failed"):
                return job
            time.sleep(0.05)
    raise AssertionError(f"the import is not through after {PATIENCE} s")
