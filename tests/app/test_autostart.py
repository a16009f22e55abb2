"""Starting with the login: the files' text, as each system reads it."""

import plistlib
import sys

import pytest

from app import autostart

HOSTILE = ["/opt/My $Programs/agora", "--data", '/home/o/100% "shop"\\`x`']


class TestFiles:
    def test_linux_gets_an_entry_whose_command_is_quoted(self):
        lines = autostart.desktop_entry(HOSTILE).splitlines()
        assert lines[0] == "[Desktop Entry]"
        assert r'''Exec="/opt/My \\$Programs/agora" "--data" "/home/o/100%% \\"shop\\"\\\\\\`x\\`"''' in lines

    def test_macos_gets_a_launch_agent(self):
        found = plistlib.loads(autostart.launch_agent(HOSTILE))
        assert found["ProgramArguments"] == HOSTILE
        assert found["RunAtLoad"] is True
        assert autostart.place("darwin").name == "org.agora.Agora.plist"

    def test_windows_gets_a_command_line(self):
        assert autostart.run_value(["C:\\Program Files\\agora.exe", "--data", "D:\\x"]) == (
            '"C:\\Program Files\\agora.exe" --data D:\\x'
        )


@pytest.mark.skipif(sys.platform != "linux", reason="the file is Linux's")
class TestSettingUp:
    @pytest.fixture(autouse=True)
    def _home(self, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def test_it_is_written_and_taken_back(self, tmp_path):
        autostart.set_up(tmp_path / "data", is_on=True)
        assert str(tmp_path / "data") in (tmp_path / "autostart" / "agora.desktop").read_text()
        autostart.set_up(tmp_path / "data", is_on=False)
        assert not (tmp_path / "autostart" / "agora.desktop").exists()
        autostart.set_up(tmp_path / "data", is_on=False)

    def test_that_of_another_data_folder_stays(self, tmp_path):
        autostart.set_up(tmp_path / "one", is_on=True)
        autostart.set_up(tmp_path / "other", is_on=False)
        assert (tmp_path / "autostart" / "agora.desktop").exists()
