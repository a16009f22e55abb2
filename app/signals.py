"""SIGTERM and SIGINT while a window's event loop holds the main thread, where Python's own handlers would wait."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def on_termination(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` in another thread, once, when the process is told to end. Main thread only."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def wait() -> None:
        if reader.recv(1):
            act()

    thread = threading.Thread(target=wait, name="agora-signals", daemon=True)
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    before_fd = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before_fd)
        for number, handler in before.items():
            signal.signal(number, handler)
        writer.close()
        thread.join(timeout=5)
        reader.close()
