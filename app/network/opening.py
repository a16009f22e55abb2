"""The keeper of one process's network, with this machine's own tools."""

import socket
from functools import partial

from fastapi import FastAPI

from app.engines import LateAnnouncer, LateAuthority, local_addresses
from app.listening import bind, join
from app.network.crewing import FOLDER, Alone, Crew, Shared
from app.network.keeping import NetworkKeeper, Tools
from app.settings import Settings
from engine.api.ports import Ports
from engine.api.serving import Serving


def keeper_of(ports: Ports, settings: Settings, app: FastAPI, host: str) -> NetworkKeeper:
    """Return the keeper of the process that serves this application. host: where it listens."""
    crew: Crew = Shared(settings.data_dir / FOLDER) if settings.workers > 1 else Alone()

    def bind_secure() -> socket.socket:
        is_exact = "https_port" in settings.model_fields_set
        return bind(host, settings.https_port, is_exact=is_exact, is_shared=not crew.is_alone)

    def tell(serving: Serving) -> None:
        app.state.serving = serving

    authority = LateAuthority(settings.data_dir, ports.clock)
    tools = Tools(LateAnnouncer(), authority, local_addresses, bind_secure, partial(join, host), crew)
    return NetworkKeeper(ports, app.state.serving, tools, tell)
