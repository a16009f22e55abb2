"""What the runbook and its neighbours tell a person to type is there to be typed."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from app.cli import cli
from app.late import LateCommand
from tests.server import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md")])
CODE = re.compile(r"^ *```.*?^ *```|`[^`]+`", re.MULTILINE | re.DOTALL)
#: A command and what follows it up to the end of its part of the line.
SAID = re.compile(
    r"(?:^ *[$#] (?:.*&& )?|[`(&] ?(?:[$#] )?|exec agora )(?:\S*/)?agora((?: +(?:--?)?[a-z][\w=/.:-]*| +[A-Z]+\b)+)",
    re.MULTILINE,
)
ENVIRONMENT = ROOT / "packaging" / "server" / "agora.env"


def said(document: Path) -> list[list[str]]:
    """Return the words of each `agora …` in a document's code, without what a reader puts in."""
    code = "\n".join(CODE.findall(document.read_text()))
    return [found.split() for found in SAID.findall(re.sub(r" {2,}#.*", "", code))]


def refusal(words: list[str]) -> str:
    """Return what is wrong with a command, as a person would find out by typing it."""
    command: Any = get_command(cli)
    for word in words:
        context = command.context_class(command)
        if word.startswith("-"):
            known = {name for parameter in command.get_params(context) for name in parameter.opts}
            if word.partition("=")[0] not in known:
                return f"{command.name} knows no {word}"
        elif isinstance(command, TyperGroup) and not word.isupper():
            if (found := command.get_command(context, word)) is None:
                return f"there is no {word}"
            command = found._read() if isinstance(found, LateCommand) else found
    return ""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_each_command_is_one(document: Path) -> None:
    wrong = {" ".join(words): why for words in said(document) if (why := refusal(words))}
    assert not wrong


def test_commands_are_found_and_wrong_ones_told() -> None:
    assert ["backup", "restore", "FILE", "--yes"] in said(ROOT / "docs" / "runbook.md")
    assert refusal(["backup", "mend"]) == "there is no mend"
    assert refusal(["backup", "create", "--loud"]) == "create knows no --loud"


def test_each_file_that_the_runbook_names_is_there() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text()
    for place in re.findall(r"\]\((?!http)([^)#]+)\)", text):
        assert (ROOT / "docs" / place).exists(), place
    for place in re.findall(r"(?<![\w/])packaging/server/[\w./-]*\w", text):
        assert (ROOT / place).exists(), place


def test_a_shell_reads_the_services_settings_as_systemd_does() -> None:
    """The runbook's wrapper sources the file that the unit reads by EnvironmentFile=."""
    lines = re.findall(r"^#?([A-Z_]+)=(.*)$", ENVIRONMENT.read_text(), re.MULTILINE)
    as_systemd = {name: value.strip("'") for name, value in lines}
    assert len(as_systemd) > 5
    script = "\n".join(f"{name}={value}" for name, value in lines)
    done = subprocess.run(
        ["/bin/sh", "-ec", f"set -a\n{script}\nenv"], env={}, capture_output=True, text=True, check=True
    )
    told = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert as_systemd.items() <= told.items()
