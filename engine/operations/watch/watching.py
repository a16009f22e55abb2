"""The watch of one process: it looks at the house every few seconds, and remembers the last two hours."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from anyio import to_thread
from sqlalchemy import Connection

from engine.accounts.gauges import HOUR, lockouts_within
from engine.core.database import Database
from engine.core.gauges import Gauge, Reading
from engine.operations.ports import Machine, MachineState
from engine.operations.watch import checks, exposition
from engine.operations.watch.checks import ServiceCheck, ServiceState
from engine.operations.watch.samples import Sample

log = logging.getLogger("agora.watch")
EVERY_SECONDS = 15
STALE = timedelta(seconds=2 * EVERY_SECONDS)
REMEMBERED = 2 * 3600 // EVERY_SECONDS


class Watch:
    """Looks, remembers and tells. machine: how the machine is read; gauges: the domains' own numbers.

    bus_lag: how many facts wait to be carried to another system. concerns: what is not as it should be, by rule.
    """

    def __init__(
        self,
        db: Database,
        machine: Machine,
        gauges: Sequence[Gauge],
        services: Sequence[ServiceCheck],
        bus_lag: Callable[[Connection], int] = lambda _connection: 0,
        concerns: Callable[[Connection, datetime], Mapping[str, str]] = lambda _connection, _now: {},
    ) -> None:
        self.db = db
        self.samples: deque[Sample] = deque(maxlen=REMEMBERED)
        self._machine = machine
        self._gauges = gauges
        self._services = services
        self._bus_lag = bus_lag
        self._concerns = concerns

    async def look(self) -> Sample:
        """Look at the house now, and remember it. A database that is away is one of the things that are seen."""
        services = await checks.look(self._services)
        machine = await to_thread.run_sync(self._machine.read)
        measures = self.db.measures
        answered, failed = measures.answered()
        try:
            lockouts, lag, concerns = await self.db.query(self._read_counts)
        except Exception:  # noqa: BLE001 - the check of the database says so
            lockouts, lag, concerns = 0, 0, {}
        sample = Sample(
            at=self.db.clock.now(),
            machine=machine,
            services=services,
            answered=answered,
            failed=failed,
            latencies=measures.latencies(),
            connections=self.db.connections(),
            lockouts=lockouts,
            bus_lag=lag,
            concerns=concerns,
        )
        self.samples.append(sample)
        return sample

    def latest(self) -> Sample | None:
        """Return the last look, unless nobody has looked for a while: a process without a worker does not."""
        if not self.samples or self.db.clock.now() - self.samples[-1].at > STALE:
            return None
        return self.samples[-1]

    async def exposition(self) -> str:
        """Return everything that is measured, as Prometheus reads it."""
        machine = await to_thread.run_sync(self._machine.read)
        services = await checks.look(self._services)
        try:
            read = await self.db.query(self._read_gauges)
        except Exception:  # what needs no database is told all the same; `agora_up` says the rest
            log.exception("the numbers of the database cannot be read")
            read = []
        lines = [
            *exposition.measured(self.db.measures),
            *_of_machine(machine),
            *_of_services(services),
            *_of_connections(self.db.connections()),
        ]
        for gauge, readings in read:
            kind = "counter" if gauge.counts_up else "gauge"
            lines += exposition.family(gauge.name, kind, gauge.help, gauge.labels, readings)
        return "\n".join(lines) + "\n"

    def _read_counts(self, connection: Connection) -> tuple[int, int, Mapping[str, str]]:
        now = self.db.clock.now()
        return lockouts_within(connection, now - HOUR), self._bus_lag(connection), self._concerns(connection, now)

    def _read_gauges(self, connection: Connection) -> list[tuple[Gauge, list[Reading]]]:
        now = self.db.clock.now()
        lag = Gauge(
            "bus_lag", "Facts that wait to be carried to another system.", lambda c, _now: [((), self._bus_lag(c))]
        )
        return [(gauge, list(gauge.read(connection, now))) for gauge in (*self._gauges, lag)]


def _of_machine(machine: MachineState) -> Iterable[str]:
    for name, about, number in (
        ("cpu_percent", "Use of the machine's processors.", machine.cpu_percent),
        ("memory_percent", "Use of the machine's memory.", machine.memory_percent),
        ("disk_percent", "Use of the disk that holds the data folder.", machine.disk_percent),
        ("disk_free_bytes", "What is free on that disk.", machine.disk_free_bytes),
        ("process_memory_bytes", "Memory of this process.", machine.process_memory_bytes),
    ):
        yield from exposition.family(name, "gauge", about, (), [((), number)])
    about = "Processor time of this process."
    yield from exposition.family("process_cpu_seconds_total", "counter", about, (), [((), machine.process_cpu_seconds)])


def _of_services(services: Sequence[ServiceState]) -> Iterable[str]:
    up = [((one.name,), int(one.is_up)) for one in services]
    took = [((one.name,), one.milliseconds / 1000) for one in services]
    yield from exposition.family("up", "gauge", "Whether a service answers.", ("service",), up)
    yield from exposition.family("check_seconds", "gauge", "How long its answer took.", ("service",), took)


def _of_connections(connections: tuple[int, int]) -> Iterable[str]:
    readings = [((state,), number) for state, number in zip(("used", "most"), connections, strict=True)]
    yield from exposition.family("database_connections", "gauge", "Connections to the database.", ("state",), readings)
