"""SIGTERM and SIGINT while a window's event loop holds the main thread, where Python's own handlers would wait."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDINGS = (signal.SIGTERM, signal.SIGINT)


def take_back() -> None:
    """Take the signals from a toolkit that has put a handler of its own in place. Main thread only.

    Qt's, on SIGINT, leaves the event loop beside `act`, with the page still in its window: then the process may crash
    at its very end.
    """
    for number in ENDINGS:
        signal.signal(number, _nothing)  # the byte that each signal writes wakes `on_termination`


def _nothing(*_signal: object) -> None:
    pass


@contextmanager
def on_termination(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` in another thread, once, when the process is told to end. Main thread only."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def wait() -> None:
        if reader.recv(1):
            act()

    thread = threading.Thread(target=wait, name="agora-signals", daemon=True)
    before = {number: signal.signal(number, _nothing) for number in ENDINGS}
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
