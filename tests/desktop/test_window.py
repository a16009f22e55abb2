"""The window: what it opens on, how it ends, and what a second start does."""

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from app.cli import cli
from tests.desktop.program import Program
from tests.desktop.screen import Screen, until

pytestmark = pytest.mark.desktop
TITLE = "Agora"
COLOURS = 40


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def owned(folder):
    """A data folder that somebody owns."""
    command = ["user", "create", "--email", "owner@example.org", "--name", "Olive Owner", "--role", "super_admin"]
    made = CliRunner().invoke(cli, [*command, "--password-stdin", "--data", str(folder)], input="a quiet kettle 42\n")
    assert made.exit_code == 0, made.output
    return folder


def sign_ins(folder):
    """Return who signed in, as the audit log has it."""
    engine = create_engine(f"sqlite:///{folder}/agora.sqlite3")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT actor FROM audit_logs WHERE action = 'user.sign_in'")).scalars().all()
    engine.dispose()
    return list(found)


def command_lines(process_id):
    """Return the command lines of a process and all it started."""
    lines = [Path(f"/proc/{process_id}/cmdline").read_text(errors="replace")]
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for child in (task / "children").read_text().split():
            lines += command_lines(int(child))
    return lines


def is_drawn(screen: Screen) -> bool:
    """Return whether a page is in the middle of the screen: text has many shades, an empty window few."""
    colours = screen.picture().crop((100, 80, 1340, 880)).getcolors(maxcolors=1_000_000)
    return colours is not None and len(colours) > COLOURS


class TestWindow:
    def test_opens_on_the_claim_while_nobody_owns_the_site_and_closes_cleanly(self, screen, folder):
        with Program(folder, screen.name) as agora:
            agora.ready()
            window = screen.window(TITLE)
            until(lambda: is_drawn(screen), "a page in the window")
            assert f"{agora.url}/setup?token=" in agora.said
            screen.close(window)
            assert agora.end() == 0, agora.said
            assert TITLE not in screen.titles()

    def test_opens_on_the_admin_with_its_owner_signed_in_and_no_token_in_sight(self, screen, owned):
        with Program(owned, screen.name) as agora:
            agora.ready()
            window = screen.window(TITLE)
            until(lambda: sign_ins(owned), "a sign-in")
            until(lambda: is_drawn(screen), "a page in the window")
            assert sign_ins(owned) == ["owner@example.org"]
            assert not [line for line in command_lines(agora.process.pid) if "token" in line]
            assert "token" not in agora.said
            screen.close(window)
            assert agora.end() == 0, agora.said

    def test_a_second_start_brings_the_first_to_the_front(self, screen, folder):
        with Program(folder, screen.name) as first:
            first.ready()
            screen.window(TITLE)
            screen.cover()
            until(lambda: screen.titles()[-1] == "another program", "another window in front")
            with Program(folder, screen.name) as second:
                assert second.process.wait(60) == 0, second.said
                assert "its window is in front now" in second.said
            until(lambda: screen.titles()[-1] == TITLE, "the window in front")
            assert first.is_serving()
            screen.close(screen.window(TITLE))
            assert first.end() == 0, first.said

    @pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
    def test_ends_cleanly_when_it_is_told_to(self, screen, folder, told):
        with Program(folder, screen.name) as agora:
            agora.ready()
            screen.window(TITLE)
            until(lambda: is_drawn(screen), "the page in it")
            os.kill(agora.process.pid, told)
            assert agora.end() == 0, agora.said
