"""`agora deploy check`: the files that put Agora on a server, read by the programs they are for."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli

FILES = Path(__file__).parents[2] / "packaging" / "server"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Agora's own files, to spoil."""
    return shutil.copytree(FILES, tmp_path / "server")


def checked(folder: Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["deploy", "check", str(folder)])
    return done.exit_code, " ".join(done.output.split())


def test_the_files_that_come_with_agora_are_right() -> None:
    code, said = checked(FILES)
    assert code == 0, said
    assert "that these files set is one that it reads" in said


@pytest.mark.parametrize(
    ("name", "program", "right", "wrong"),
    [
        ("nginx.conf", "nginx", "proxy_pass http://agora;", "proxy_pass_to http://agora;"),
        ("Caddyfile", "caddy", "reverse_proxy", "reverse_proxies"),
        ("agora.service", "systemd-analyze", "[Service]", "[Service"),
    ],
)
def test_a_file_that_its_program_refuses_is_named(
    folder: Path, name: str, program: str, right: str, wrong: str
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    assert f"{name}: {program} takes it" in checked(folder)[1]
    path = folder / name
    path.write_text(path.read_text().replace(right, wrong))
    code, said = checked(folder)
    assert code == 1
    assert f"{name}: {program} refuses it" in said


@pytest.mark.parametrize(
    ("name", "line", "why"),
    [
        ("agora.env", "\nAGORA_WORKER=2\n", "agora.env sets AGORA_WORKER, which Agora does not know"),
        ("kubernetes/secret.yaml", "\n  AGORA_NAME: x\n", "secret.yaml sets AGORA_NAME, which Agora does not know"),
        (
            "aws/service.tf",
            "\n      NODE_ENV = 1\n",
            "service.tf sets NODE_ENV, which does nothing: Agora does not run on",
        ),
        ("azure/main.bicep", "\n{ name: 'AGORA_X' }\n", "main.bicep sets AGORA_X, which Agora does not know"),
    ],
)
def test_a_variable_that_nothing_reads_is_a_mistake(folder: Path, name: str, line: str, why: str) -> None:
    path = folder / name
    path.write_text(path.read_text() + line)
    code, said = checked(folder)
    assert code == 1
    assert why in said


def test_a_folder_without_such_files_says_so(tmp_path: Path) -> None:
    code, said = checked(tmp_path)
    assert code == 1
    assert "Name the folder, such as packaging/server" in said


def test_what_cannot_be_checked_here_is_not_called_right(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    code, said = checked(folder)
    assert code == 0
    assert "nginx.conf was not checked: nginx is not installed here" in said
    assert "takes it" not in said
