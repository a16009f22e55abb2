"""What a start would meet: the environment, the bundle, the port, the window."""

import json
from collections.abc import Iterator, Mapping

from app.display import obstacle
from app.doctor.finding import Finding, fail, fine, warn
from app.doorbell import peep
from app.environment import ignored
from app.listening import EVERYWHERE, bind
from app.serve import check_safe
from app.settings import Settings
from engine.core.errors import Invalid
from ui import assets


def process_findings(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Say what a start with these settings would meet."""
    yield from _environment(settings, environ)
    yield _bundle()
    yield _port(settings)
    yield _window(environ)


def _environment(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    for variable in ignored(environ):
        yield warn(f"{variable.name} is set and does nothing: {variable.reason_if_ignored}.")
    try:
        check_safe(settings, settings.host or EVERYWHERE)
    except Invalid as error:
        yield fail(str(error))
    else:
        if not settings.rate_limits:
            yield warn("Rate limits are off (AGORA_RATE_LIMITS): for load tests only.")


def _bundle() -> Finding:
    try:
        names = json.loads((assets.FOLDER / "manifest.json").read_text(encoding="utf-8")).values()
        missing = [name for name in names if not (assets.FOLDER / name).is_file()]
    except (OSError, ValueError):
        return fail("The styles and scripts are not built. Run: make ui")
    if missing:
        return fail(f"The styles and scripts are not whole: {', '.join(missing)} is missing. Run: make ui")
    return fine("The styles and scripts are built.")


def _port(settings: Settings) -> Finding:
    running = peep(settings.data_dir)
    if running is not None:
        return fine(f"Agora is running on this data folder, at {running.url}.")
    host = settings.host or EVERYWHERE
    try:
        bind(host, settings.port, is_exact=True).close()
    except Invalid as error:
        if settings.host is not None or "port" in settings.model_fields_set:
            return fail(str(error))
        return warn(f"Port {settings.port} is taken by another program; Agora would serve on the next free one.")
    return fine(f"Port {settings.port} is free.")


def _window(environ: Mapping[str, str]) -> Finding:
    reason = obstacle(environ)
    if reason is None:
        return fine("A window can be shown.")
    return warn(reason) if reason else fine("There is no display, so `agora` serves without a window.")
