"""The commands of `agora` beside `serve`, one file a noun."""

from collections.abc import Callable
from typing import Any

import typer

from app.commands import (
    backup,
    database,
    demo,
    deploy,
    doctor,
    export,
    import_,
    licences,
    media,
    move,
    opened,
    reindex,
    reset,
    routes,
    secrets,
    surface,
    user,
    worker,
)

#: Commands with commands of their own, such as `agora user create`.
GROUPS: tuple[typer.Typer, ...] = (
    user.user,
    import_.import_,
    export.export,
    media.media,
    backup.backup,
    secrets.secrets,
    deploy.deploy,
)
COMMANDS: tuple[Callable[..., Any], ...] = (
    database.migrate,
    demo.demo,
    doctor.doctor,
    reindex.reindex,
    reset.reset,
    move.move,
    opened.open_,
    licences.licences,
    backup.rollback,
    routes.routes,
    surface.surface,
    worker.worker,
)
