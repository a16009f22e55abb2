"""`agora reindex`: alone it builds the index, beside a running server it asks that for it."""

import re
from pathlib import Path

from filelock import FileLock
from typer.testing import CliRunner

from app.cli import cli


def reindexed(folder: Path) -> str:
    result = CliRunner().invoke(cli, ["reindex", "--data", str(folder)])
    assert result.exit_code == 0, result.output
    return result.output


class TestReindex:
    def test_alone_it_builds_the_index(self, tmp_path: Path) -> None:
        folder = tmp_path / "installation"
        assert re.search(r"holds \d+ things", reindexed(folder))
        assert (folder / "search" / "current").is_file()
        assert (folder / "search").stat().st_mode & 0o077 == 0

    def test_a_running_server_is_asked_once(self, tmp_path: Path) -> None:
        folder = tmp_path / "installation"
        folder.mkdir()
        with FileLock(folder / "agora.lock", thread_local=False):
            assert "builds it now" in reindexed(folder)
            assert "already" in reindexed(folder)
        assert not (folder / "search" / "current").exists()

    def test_the_doctor_tells_of_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "installation"
        reindexed(folder)
        told = CliRunner().invoke(cli, ["doctor", "--data", str(folder)]).output
        assert re.search(r"The search index \(tantivy\) holds \d+ things\.", told)
        (folder / "search" / "current").unlink()
        assert "agora reindex builds it" in CliRunner().invoke(cli, ["doctor", "--data", str(folder)]).output
