"""The commands of `agora` beside `serve`, one file a noun."""

from collections.abc import Callable
from typing import Any

import typer

from app.commands import database, doctor, import_, reindex, routes, surface, user

#: Commands with commands of their own, such as `agora user create`.
GROUPS: tuple[typer.Typer, ...] = (user.user,)
COMMANDS: tuple[Callable[..., Any], ...] = (
    database.migrate,
    doctor.doctor,
    import_.import_,
    reindex.reindex,
    routes.routes,
    surface.surface,
)
