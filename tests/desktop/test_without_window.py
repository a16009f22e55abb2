"""`agora` where no window can be shown: it serves, and says why only where somebody could expect one."""

import signal
import subprocess
import sys

import pytest

from tests.desktop.program import Program
from tests.desktop.screen import until
from tests.server import ROOT

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
    def test_without_the_toolkit_it_says_what_to_install_and_opens_the_browser(self, screen, folder):
        with Program(folder, screen.name, WITHOUT_TOOLKIT) as agora:
            agora.ready()
            assert "There is no window, because the library pywebview is missing." in agora.said
            assert "pip install 'agora[desktop]'" in agora.said
            file = folder / "start.html"
            until(lambda: file.as_uri() in agora.said, "the default browser")
            assert f"{agora.url}/setup?token=" in file.read_text()
            assert file.stat().st_mode & 0o077 == 0
            agora.process.send_signal(signal.SIGTERM)
            assert agora.end() == 0, agora.said
            assert not file.exists()

    def test_a_second_start_is_told_the_address_of_the_first(self, folder):
        with Program(folder) as first:
            first.ready()
            with Program(folder) as second:
                assert second.process.wait(60) == 0, second.said
                assert f"Agora is running already: {first.url}/admin" in second.said
            assert first.is_serving()


class TestServerOnly:
    def test_a_server_never_reads_the_windows_toolkit(self, folder):
        """Neither pywebview nor Qt, which would be 200 MB of memory."""
        code = (
            "import sys; from pathlib import Path; from app import cli, desktop; "
            "from app.settings import load_settings; "
            "from app.serve import open_instance; from tests.server import free_port; "
            "instance = open_instance(load_settings(data_dir=Path(sys.argv[1]), host='127.0.0.1', port=free_port())); "
            "instance.start(); instance.stop(); "
            "print([name for name in sys.modules if name.split('.')[0] in ('webview', 'qtpy', 'PySide6', 'shiboken6')])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, folder], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"
