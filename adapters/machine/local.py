"""The machine itself, by psutil: the same on Linux, macOS and Windows."""

from pathlib import Path

import psutil

from engine.operations.ports import MachineState


class LocalMachine:
    """Reads processor, memory, and the disk on which the data folder is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = psutil.Process()
        psutil.cpu_percent()  # the first answer is 0: what counts is the time between two

    def read(self) -> MachineState:
        """Return how the machine and this process are now."""
        disk = psutil.disk_usage(str(self._folder))
        used = self._process.cpu_times()
        return MachineState(
            cpu_percent=psutil.cpu_percent(),
            memory_percent=psutil.virtual_memory().percent,
            disk_percent=disk.percent,
            disk_free_bytes=disk.free,
            process_cpu_seconds=used.user + used.system,
            process_memory_bytes=self._process.memory_info().rss,
        )
