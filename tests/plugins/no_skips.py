"""Name every skipped test at the end with its reason, and refuse to skip where `CI=true`.

Tests that need sample files skip with a reason that names AGORA_SAMPLES; that one is allowed while it is unset.
"""

import os
from collections import defaultdict

import pytest

SAMPLES = "AGORA_SAMPLES"


def pytest_terminal_summary(terminalreporter):
    skipped = _skipped(terminalreporter)
    if not skipped:
        return
    terminalreporter.section("skipped, and why")
    for reason, tests in sorted(skipped.items()):
        terminalreporter.write_line(f"{len(tests)} x {reason}")
        for test in sorted(tests):
            terminalreporter.write_line(f"    {test}")
    if _refused(skipped):
        terminalreporter.write_line("CI refuses to skip: install what is missing, or mend the tests above.", red=True)


def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter and session.exitstatus == pytest.ExitCode.OK and _refused(_skipped(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skipped(reporter):
    """Return the ids of skipped tests and modules by reason."""
    found = defaultdict(set)
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        found[reason.removeprefix("Skipped: ")].add(report.nodeid)
    return found


def _refused(skipped):
    if os.environ.get("CI") != "true":
        return False
    return any(SAMPLES not in reason or os.environ.get(SAMPLES) for reason in skipped)
