"""A real browser on a busy machine is given a second try; the end of the run tells which tests needed it."""

from typing import Any

import pytest
from _pytest.runner import runtestprotocol

BROWSERS = ("tests/browser/", "tests/desktop/")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a browser's test again where it failed; only the last run counts."""
    if not item.nodeid.startswith(BROWSERS):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed for report in reports):
        item._initrequest()  # type: ignore[attr-defined]
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        for report in reports:
            report.sections.append(("second try", item.nodeid))
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name the tests that passed only at the second try."""
    passed = terminalreporter.stats.get("passed", [])
    named = sorted({report.nodeid for report in passed if ("second try", report.nodeid) in report.sections})
    for nodeid in named:
        terminalreporter.write_line(f"passed at the second try: {nodeid}")
