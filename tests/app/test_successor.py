"""The version that stands by: started once to prove itself, kept if it served, left alone if it did not."""

import sys

import pytest

from app import successor
from engine.operations.updates import standing_by
from engine.operations.updates.standing_by import Next, note, noted


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Where versions stand by, for this test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if not successor.room().is_relative_to(tmp_path):
        pytest.skip("the place is elsewhere on this system")
    successor.room().mkdir()
    return successor.room()


@pytest.fixture
def staged(room):
    """Version 2.0 stands by."""
    program = room / "2.0" / "agora"
    program.parent.mkdir()
    program.touch(mode=0o755)
    note(room, Next("2.0", str(program.parent)))
    return program


def state(room):
    found = noted(room)
    return found and found.state


class TestStart:
    def test_it_is_tried_once_and_kept_when_it_served(self, room, staged):
        assert successor.following("1.0", []).program == staged
        assert state(room) == "trying"
        successor.settle("2.0")
        assert state(room) == "good"
        assert successor.following("1.0", ["backup", "list"]).program == staged
        assert successor.following("2.0", []) is None

    def test_one_that_never_served_is_not_tried_again(self, room, staged, capsys):
        assert successor.following("1.0", ["serve", "--port", "9"])
        assert successor.following("1.0", []) is None
        assert "2.0 did not start; the one before goes on" in capsys.readouterr().err
        assert state(room) == "failed"
        assert successor.following("1.0", []) is None
        successor.settle("2.0")
        assert state(room) == "failed"

    def test_the_last_that_served_goes_on_where_the_next_does_not(self, room, staged):
        successor.following("1.0", [])
        successor.settle("2.0")
        newer = room / "3.0" / "agora"
        newer.parent.mkdir()
        newer.touch(mode=0o755)
        note(room, Next("3.0", str(newer.parent)))
        assert successor.following("1.0", ["migrate"]).program == staged
        assert successor.following("2.0", []).program == newer
        assert successor.following("1.0", []).program == staged
        assert successor.following("2.0", []) is None
        assert state(room) == "failed"

    def test_a_command_that_ends_at_once_proves_nothing(self, room, staged):
        assert successor.following("1.0", ["--data", "/x", "migrate"]) is None
        assert state(room) == "staged"
        assert successor.following("1.0", ["--data", "/x"])

    @pytest.mark.parametrize("version", ["2.0", "2.0.0", "3.1"])
    def test_an_older_one_is_left_alone(self, room, staged, version):
        assert successor.following(version, []) is None
        assert state(room) == "staged"

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "[]",
            '{"version": "9"}',
            '{"version": "9", "folder": "/usr/bin", "state": "good"}',
            '{"version": "9", "folder": "ROOM/../..", "state": "good"}',
            '{"version": "9", "folder": "ROOM", "state": "?"}',
        ],
    )
    def test_a_note_that_leads_elsewhere_or_is_torn_is_nothing(self, room, written):
        (room / standing_by.NOTE).write_text(written.replace("ROOM", str(room)))
        assert successor.following("1.0", []) is None

    def test_one_whose_program_is_gone_is_nothing(self, room, staged):
        staged.unlink()
        assert successor.following("1.0", []) is None


class TestBecoming:
    def test_the_source_never_does(self, room, staged):
        successor.follow("1.0")
        assert state(room) == "staged"

    def test_a_package_of_the_system_never_does(self, room, staged, monkeypatch):
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", "/opt/agora/agora")
        successor.follow("1.0")
        assert state(room) == "staged"
