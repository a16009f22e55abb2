"""`agora routes`."""

import tempfile
from pathlib import Path

import typer

from app.settings import load_settings
from app.web import make_app
from app.wiring import wire
from engine.api.rules import rules_of


def routes() -> None:
    """List every address that Agora answers, with who may use it."""
    with tempfile.TemporaryDirectory(prefix="agora-") as folder:
        settings = load_settings(data_dir=Path(folder))
        app = make_app(wire(settings), settings, runs_jobs=False)
        found = rules_of(app)
    widest = max(len(one.path) for one in found)
    for one in found:
        typer.echo(f"{one.method:7} {one.path:{widest}}  {one.words}")
