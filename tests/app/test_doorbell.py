"""The doorbell: a second start finds the first, and nobody else does."""

import json
import socket
import stat

import pytest

from app.doorbell import FILE, Answer, Doorbell, peep, ring
from app.second import SHOWN, is_shown


@pytest.fixture
def rings():
    return []


@pytest.fixture
def bell(tmp_path, rings):
    there = Answer("server", "http://127.0.0.1:8000")

    def answer(at):
        rings.append(at)
        return there

    bell = Doorbell(tmp_path, answer=answer, peep=lambda: there)
    bell.start()
    yield bell
    bell.stop()


def say(port, text):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(text)
        return caller.recv(1000)


class TestRing:
    @pytest.mark.usefixtures("bell")
    def test_the_first_answers_who_it_is(self, tmp_path, rings):
        assert ring(tmp_path) == Answer("server", "http://127.0.0.1:8000")
        assert rings == [""]

    @pytest.mark.usefixtures("bell")
    def test_a_page_of_the_admin_may_be_asked_for_and_nothing_else(self, tmp_path, rings):
        ring(tmp_path, "/admin/backups/agora-2026-11-26.zip")
        for hostile in ("https://evil.example", "//evil.example", "/admin/../..//x", "/admin?next=//evil", "/admin\n"):
            ring(tmp_path, hostile)
        assert rings == ["/admin/backups/agora-2026-11-26.zip", "", "", "", "", "/admin"]

    @pytest.mark.usefixtures("bell")
    def test_peeping_does_not_ring(self, tmp_path, rings):
        assert peep(tmp_path) == Answer("server", "http://127.0.0.1:8000")
        assert rings == []

    @pytest.mark.usefixtures("bell")
    def test_without_the_secret_nothing_is_answered_and_the_next_is_served(self, tmp_path, rings):
        port = json.loads((tmp_path / FILE).read_text())["port"]
        assert say(port, b"wrong ring\n") == b""
        assert say(port, b"\xff\xfe ring\n") == b""
        assert say(port, b"\n") == b""
        assert rings == []
        assert ring(tmp_path) is not None

    @pytest.mark.usefixtures("bell")
    def test_the_secret_is_for_the_owner_of_the_folder_only(self, tmp_path):
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600

    def test_nobody_is_there_before_and_after(self, tmp_path):
        assert ring(tmp_path) is None
        bell = Doorbell(tmp_path, answer=lambda _at: Answer("window", ""), peep=lambda: Answer("window", ""))
        bell.start()
        bell.stop()
        assert ring(tmp_path) is None
        assert not (tmp_path / FILE).exists()

    def test_what_a_crash_left_behind_is_nobody(self, tmp_path):
        (tmp_path / FILE).write_text('{"port": 1, "secret": "old"}')
        assert ring(tmp_path) is None
        (tmp_path / FILE).write_text("torn")
        assert ring(tmp_path) is None


class TestIsShown:
    @pytest.mark.parametrize(("kind", "rung"), [("window", [""]), ("server", [])])
    def test_only_a_window_comes_to_the_front(self, tmp_path, kind, rung):
        rings, said = [], []
        there = Answer(kind, "http://127.0.0.1:8000")
        bell = Doorbell(tmp_path, answer=lambda at: (rings.append(at), there)[1], peep=lambda: there)
        bell.start()
        try:
            assert is_shown(tmp_path, said.append) == bool(rung)
        finally:
            bell.stop()
        assert (rings, said) == (rung, [SHOWN] if rung else [])

    def test_one_that_is_gone_is_not_waited_for(self, tmp_path):
        assert not is_shown(tmp_path, pytest.fail)
        (tmp_path / FILE).write_text('{"port": 1, "secret": "x"}')
        assert not is_shown(tmp_path, pytest.fail)
