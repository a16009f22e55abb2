"""The default browser in the place of the window: opened once the server answers, and no secret in its command line."""

import html
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

from app.serve import Instance

FILE = "start.html"
#: The sign-in in the page lasts a minute; the file is not needed longer.
KEPT_SECONDS = 60.0
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Agora</title>
<meta http-equiv="refresh" content="0; url={url}"><p><a href="{url}">Agora</a></p></html>
"""


@contextmanager
def in_browser(instance: Instance, url: str) -> Iterator[None]:
    """Lead the default browser to an address of this instance while the block serves.

    It goes by a file that only this user can read: the command line of a browser is for everybody to see.
    """
    file = instance.settings.data_dir / FILE
    is_over = threading.Event()

    def lead() -> None:
        while not instance.server.started:
            if is_over.wait(0.05):
                return
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(PAGE.format(url=html.escape(url)), encoding="utf-8")
        webbrowser.open(file.as_uri())
        is_over.wait(KEPT_SECONDS)
        file.unlink(missing_ok=True)

    thread = threading.Thread(target=lead, name="agora-browser", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(timeout=5)
