"""`agora doctor`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from app.doctor.finding import Finding, Level, fail
from app.doctor.folder import folder_findings
from app.doctor.process import process_findings
from app.doctor.site import site_findings
from app.environment import environment
from app.logs import configure_logging
from app.options import Data
from app.settings import load_settings
from engine.core.errors import Invalid

COLOURS = {Level.OK: typer.colors.GREEN, Level.WARN: typer.colors.YELLOW, Level.FAIL: typer.colors.RED}


def doctor(data: Data = None) -> None:
    """Look at everything Agora stands on, and say in plain words what is wrong. Exit code 1 on a failure."""
    configure_logging("error")
    tell(_examine(data))


def tell(findings: Iterable[Finding]) -> None:
    """Print what was found, one line each, and how many are wrong; leave with exit code 1 if any failed."""
    levels = []
    for finding in findings:
        levels.append(finding.level)
        typer.echo(f"{typer.style(f'{finding.level:4}', fg=COLOURS[finding.level])}  {finding.sentence}")
    failures, warnings = levels.count(Level.FAIL), levels.count(Level.WARN)
    typer.echo(f"\n{_counted(failures, 'failure')}, {_counted(warnings, 'warning')}.")
    raise typer.Exit(1 if failures else 0)


def _examine(data: Path | None) -> Iterator[Finding]:
    try:
        settings = load_settings(data_dir=data)
    except Invalid as error:
        yield fail(str(error))
        return
    environ = environment()
    yield from folder_findings(settings.data_dir)
    yield from site_findings(settings, environ)
    yield from process_findings(settings, environ)


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}".capitalize()
