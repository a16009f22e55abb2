"""The plugin that names skips, and refuses them in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path):
    def run(body, *arguments, **environ):
        (tmp_path / "test_it.py").write_text(f"import pytest\n\ndef test_runs(): pass\n\n{body}\n")
        kept = {name: value for name, value in os.environ.items() if name not in {"CI", "AGORA_SAMPLES"}}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "tests.plugins.no_skips", *arguments, "test_it.py"],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(ROOT), **environ},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


SKIPPED = "@pytest.mark.skip(reason='no door here')\ndef test_door(): pass"
SAMPLES = "@pytest.mark.skip(reason='AGORA_SAMPLES is not set')\ndef test_file(): pass"


class TestSkips:
    def test_are_named_with_their_reason_and_allowed_on_a_user_s_machine(self, run):
        done = run(SKIPPED)
        assert done.returncode == 0
        assert "1 x no door here" in done.stdout
        assert "test_it.py::test_door" in done.stdout

    @pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["one process", "two processes"])
    def test_fail_the_run_in_ci(self, run, arguments):
        done = run(SKIPPED, *arguments, CI="true")
        assert done.returncode == 1
        assert "CI refuses to skip" in done.stdout
        assert "1 passed, 1 skipped" in done.stdout

    def test_of_a_whole_module_fail_the_run_in_ci(self, run):
        done = run("pytest.importorskip('no_such_module')", "-n", "2", CI="true")
        assert done.returncode != 0
        assert "no_such_module" in done.stdout

    def test_for_absent_samples_are_allowed_in_ci_only_while_they_are_absent(self, run):
        assert run(SAMPLES, CI="true").returncode == 0
        assert run(SAMPLES, CI="true", AGORA_SAMPLES="/samples").returncode == 1

    def test_none_leaves_ci_alone(self, run):
        assert run("", CI="true").returncode == 0
