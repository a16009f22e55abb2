"""`agora import list`: a table into any list, from the command line."""

from pathlib import Path

import pytest

from app.cli import main


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, int]:
    """Return what the command printed, and its exit code."""
    monkeypatch.setattr("sys.argv", ["agora", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return printed.out + printed.err, int(ended.value.code or 0)


class TestImportList:
    def test_rows_are_taken_refused_by_line_and_the_same_again_changes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        table = tmp_path / "moved.csv"
        table.write_text("From,To\n/a,/b\nno slash,/c\n")
        command = ("import", "list", "redirects", str(table), "--map", "From=sourcePath", "--map", "To=targetUrl")
        said, code = run(monkeypatch, capsys, *command, "--data", str(tmp_path / "data"))
        assert (code, "1 created" in said, "row 3, From “no slash”" in said) == (0, True, True)
        said, _code = run(monkeypatch, capsys, *command, "--data", str(tmp_path / "data"))
        assert "0 created, 0 updated, 1 unchanged, 1 failed" in said

    def test_an_unknown_list_is_refused_with_those_that_there_are(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        table = tmp_path / "t.csv"
        table.write_text("a\n1\n")
        said, code = run(monkeypatch, capsys, "import", "list", "nothing", str(table), "--data", str(tmp_path / "data"))
        assert code == 1
        assert "redirects" in said
