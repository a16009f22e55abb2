"""What a browser sees while a start takes the data to another place: how far it is, and to come back in a moment."""

import base64
import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from engine.operations.services.plans import Room

STYLE = (
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "main{max-inline-size:32rem;margin:20vh auto 0;padding:0 1.5rem}"
    "h1{font-size:1.4rem;font-weight:600;margin:0 0 .5rem}p{margin:0 0 1.5rem;opacity:.75}"
    "progress{inline-size:100%;accent-color:#0f766e}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>One moment</title><style>{style}</style></head>
<body><main><h1>One moment</h1><p>{text}</p><progress {value}></progress></main></body></html>
"""
TEXT = "Agora takes its data to another place. This page goes on by itself as soon as that is done."
REFRESH_SECONDS = "2"


@contextmanager
def holding(bound: socket.socket, room: Room) -> Iterator[None]:
    """Answer everybody with 503 and how far it is, on the socket that serves afterwards, until the block ends."""

    class Answer(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            done, of = room.progress()
            value = f'value="{done}" max="{of}" aria-label="Progress"' if of else 'aria-label="Progress"'
            body = PAGE.format(style=STYLE, text=TEXT, value=value).encode()
            self.send_response(503)
            for name, said in (
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Content-Security-Policy", f"default-src 'none'; style-src 'sha256-{_HASH}'"),
                ("Cache-Control", "no-store"),
                ("Retry-After", REFRESH_SECONDS),
                ("Refresh", REFRESH_SECONDS),
                ("HX-Refresh", "true"),
                ("Connection", "close"),
            ):
                self.send_header(name, said)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - the library's names

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(bound.getsockname()[:2], Answer, bind_and_activate=False)
    server.daemon_threads = True
    server.socket.close()
    server.socket = bound.dup()
    server.socket.listen(128)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="agora-holding", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
