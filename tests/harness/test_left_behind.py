"""The harness sees a process that outlives its server."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.harness import installation
from tests.harness.installation import Installation
from tests.harness.place import Place

FORKS = "import os, time; os.fork(); print('here', flush=True); time.sleep(600)"


def test_a_process_that_outlives_its_server_is_found_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "OUTLIVES", 0.1)
    server = Installation(Place(tmp_path / "place", "folder", takes_locks=False), {})
    around = {**os.environ, "HARNESS_CLOCK": str(server.clock)}
    server.process = subprocess.Popen([sys.executable, "-c", FORKS], env=around, stdout=subprocess.PIPE)
    assert server.process.stdout is not None
    with server.process.stdout as said:
        assert [said.readline() for _ in range(2)] == [b"here\n"] * 2
    assert len(server.living) == 2
    server.kill()
    assert len(server.left) == 1
    assert server.left[0].startswith("left behind after SIGKILL: ")
    until = time.monotonic() + 20
    while server.living and time.monotonic() < until:
        time.sleep(0.01)
    assert not server.living
