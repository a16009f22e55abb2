"""What is forked is as a process that was just started: its words, output, environment, signals and exit code."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.desktop.screen import until
from tests.server import free_port
from tests.warm import started


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["no-such-command"], 2)])
def test_it_says_what_it_says_and_ends_as_it_ends(words: list[str], code: int, tmp_path: Path) -> None:
    with (tmp_path / "said").open("ab") as output:
        process = started(words, os.environ, output)
        assert process.wait(120) == code
    assert ("Agora " if code == 0 else "No such command") in (tmp_path / "said").read_text()


def test_it_has_an_environment_of_its_own_and_ends_by_a_signal(tmp_path: Path) -> None:
    around = {**os.environ, "AGORA_DATA_DIR": str(tmp_path / "there")}
    with (tmp_path / "said").open("ab") as output:
        process = started(["serve", "--host", "127.0.0.1", "--port", str(free_port())], around, output)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        assert process.poll() is None
        until((tmp_path / "there").is_dir, "its data folder")
        process.send_signal(signal.SIGKILL)
        assert process.wait(120) == -signal.SIGKILL
    process.send_signal(signal.SIGTERM)  # it is not sent to whoever has its number now
