"""`agora` where no window can be shown: it serves, and says why only where somebody could expect one."""

import signal

import pytest

from tests.desktop.program import Program

WITHOUT_TOOLKIT = ("-c", "import sys; sys.modules['webview'] = None; from app.cli import main; main()")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


class TestServing:
    def test_without_a_display_it_serves_and_says_where_and_how_to_claim(self, folder):
        with Program(folder) as agora:
            agora.ready()
            assert f"Agora is running at {agora.url}" in agora.said
            assert f"{agora.url}/setup?token=" in agora.said
            assert "no window" not in agora.said
            agora.process.send_signal(signal.SIGTERM)
            assert agora.end() == 0, agora.said

    def test_a_display_that_is_away_counts_as_none(self, folder):
        with Program(folder, ":4242") as agora:
            agora.ready()
            assert "no window" not in agora.said

    @pytest.mark.desktop
    def test_without_the_toolkit_it_says_what_to_install_and_serves(self, screen, folder):
        with Program(folder, screen.name, WITHOUT_TOOLKIT) as agora:
            agora.ready()
            assert "There is no window, because the library pywebview is missing." in agora.said
            assert "pip install 'agora[desktop]'" in agora.said

    def test_a_second_start_is_told_the_address_of_the_first(self, folder):
        with Program(folder) as first:
            first.ready()
            with Program(folder) as second:
                assert second.process.wait(60) == 0, second.said
                assert f"Agora is running already: {first.url}/admin" in second.said
            assert first.is_serving()
