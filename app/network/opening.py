"""The keeper of one process's network, with this machine's own tools."""

import socket

from fastapi import FastAPI

from app.engines import LateAnnouncer, LateAuthority, local_addresses
from app.listening import bind
from app.network.keeping import NetworkKeeper, Tools
from app.settings import Settings
from engine.api.ports import Ports
from engine.api.serving import Serving


def keeper_of(ports: Ports, settings: Settings, app: FastAPI, host: str) -> NetworkKeeper:
    """Return the keeper of the process that serves this application. host: where it listens."""

    def bind_secure() -> socket.socket:
        return bind(host, settings.https_port, is_exact="https_port" in settings.model_fields_set)

    def tell(serving: Serving) -> None:
        app.state.serving = serving

    tools = Tools(LateAnnouncer(), LateAuthority(settings.data_dir, ports.clock), local_addresses, bind_secure)
    return NetworkKeeper(ports, app.state.serving, tools, tell)
