"""A real browser on a busy machine is given a second try; the end of the run tells which tests needed it."""

from typing import Any

import pytest
from _pytest.runner import runtestprotocol

BROWSERS = ("tests/browser/", "tests/desktop/")
#: How much of a failure is told at the end.
MOST_SAID = 600


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a browser's test again where it failed; only the last run counts."""
    if not item.nodeid.startswith(BROWSERS):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    failed = next((report for report in reports if report.failed), None)
    if failed is not None:
        item._initrequest()  # type: ignore[attr-defined]
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        for report in reports:
            report.sections.append(("second try", f"{item.nodeid}: {_reason(failed)}"))
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _reason(failed: pytest.TestReport) -> str:
    """Return what the first try failed of, in one line."""
    crash = getattr(failed.longrepr, "reprcrash", None)
    said = crash.message if crash is not None else str(failed.longrepr)
    return " ".join(said.split())[:MOST_SAID]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name the tests that passed only at the second try, and what the first failed of."""
    passed = terminalreporter.stats.get("passed", [])
    sections = {section for report in passed for section in report.sections}
    for name, said in sorted(sections):
        if name == "second try":
            terminalreporter.write_line(f"passed at the second try: {said}")
