"""The commands of `agora` beside `serve`, one file a noun."""

from collections.abc import Callable
from typing import Any

import typer

from app.commands import database, surface

#: Commands with commands of their own, such as `agora user create`.
GROUPS: tuple[typer.Typer, ...] = ()
COMMANDS: tuple[Callable[..., Any], ...] = (database.migrate, surface.surface)
