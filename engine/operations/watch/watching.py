"""The watch of one process: it looks at the house every few seconds, and remembers the last two hours."""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from anyio import to_thread
from sqlalchemy import Connection, text

from engine.accounts.gauges import HOUR, lockouts_within
from engine.core.database import Database
from engine.core.gauges import Gauge, Reading
from engine.core.measures import Measures
from engine.operations.ports import Machine, MachineState
from engine.operations.watch import checks, exposition
from engine.operations.watch.checks import ServiceCheck, ServiceState
from engine.operations.watch.samples import Sample
from engine.operations.watch.tallies import Load, Tallies

log = logging.getLogger("agora.watch")
EVERY_SECONDS = 15
STALE = timedelta(seconds=2 * EVERY_SECONDS)
REMEMBERED = 2 * 3600 // EVERY_SECONDS


class Watch:
    """Looks, remembers and tells. machine: how the machine is read; gauges: the domains' own numbers.

    bus_lag: how many facts wait to be carried to another system. concerns: what is not as it should be, by rule.
    tallies: what other processes count; None: there are none.
    """

    def __init__(
        self,
        db: Database,
        machine: Machine,
        gauges: Sequence[Gauge],
        services: Sequence[ServiceCheck],
        bus_lag: Callable[[Connection], int] = lambda _connection: 0,
        concerns: Callable[[Connection, datetime], Mapping[str, str]] = lambda _connection, _now: {},
        tallies: Tallies | None = None,
    ) -> None:
        self.db = db
        self.samples: deque[Sample] = deque(maxlen=REMEMBERED)
        self._machine = machine
        self._gauges = gauges
        self._services = services
        self._bus_lag = bus_lag
        self._tallies = tallies
        self._concerns = concerns

    async def look(self) -> Sample:
        """Look at the house now, and remember it. A database that is away is one of the things that are seen."""
        services = await checks.look(self._services)
        machine, measures, loads = await to_thread.run_sync(self._read_all)
        answered, failed = measures.answered()
        connections = [load.connections for load in loads]
        try:
            lockouts, lag, concerns, server = await self.db.query(self._read_counts)
            connections += [server] if server else []
        except Exception:  # noqa: BLE001 - the check of the database says so
            lockouts, lag, concerns = 0, 0, {}
        sample = Sample(
            at=self.db.clock.now(),
            machine=machine,
            services=services,
            answered=answered,
            failed=failed,
            latencies=measures.latencies(),
            connections=max(connections, key=lambda one: one[0] / max(1, one[1])),
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
        machine, measures, loads = await to_thread.run_sync(self._read_all)
        services = await checks.look(self._services)
        try:
            read = await self.db.query(self._read_gauges)
        except Exception:  # what needs no database is told all the same; `agora_up` says the rest
            log.exception("the numbers of the database cannot be read")
            read = []
        lines = [
            *exposition.measured(measures),
            *_of_machine(machine),
            *_of_processes(loads),
            *_of_services(services),
        ]
        for gauge, readings in read:
            kind = "counter" if gauge.counts_up else "gauge"
            lines += exposition.family(gauge.name, kind, gauge.help, gauge.labels, readings)
        return "\n".join(lines) + "\n"

    async def tell(self) -> None:
        """Tell the processes beside this one what was counted here."""
        if self._tallies is not None:
            await to_thread.run_sync(self._tell)

    def _tell(self) -> None:
        assert self._tallies is not None  # noqa: S101 - asked just before
        self._tallies.write(Load.of(self.db.connections(), self._machine.read()))

    def _read_all(self) -> tuple[MachineState, Measures, Sequence[Load]]:
        """Return how the machine is, and what all processes counted, and take; the load of this one is the first."""
        machine = self._machine.read()
        own = Load.of(self.db.connections(), machine)
        if self._tallies is None:
            return machine, self.db.measures, [own]
        return machine, *self._tallies.read(own)

    def _read_counts(self, connection: Connection) -> tuple[int, int, Mapping[str, str], tuple[int, int] | None]:
        now = self.db.clock.now()
        lockouts, lag = lockouts_within(connection, now - HOUR), self._bus_lag(connection)
        return lockouts, lag, self._concerns(connection, now), connections_of(connection)

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
    ):
        yield from exposition.family(name, "gauge", about, (), [((), number)])


def _of_processes(loads: Sequence[Load]) -> Iterable[str]:
    memory, cpu = sum(load.memory_bytes for load in loads), sum(load.cpu_seconds for load in loads)
    about = "Processes on this data folder."
    yield from exposition.family("processes", "gauge", about, (), [((), len(loads))])
    yield from exposition.family("process_memory_bytes", "gauge", "Memory of these processes.", (), [((), memory)])
    about = "Processor time of these processes."
    yield from exposition.family("process_cpu_seconds_total", "counter", about, (), [((), cpu)])
    used, most = (sum(numbers) for numbers in zip(*(load.connections for load in loads), strict=True))
    readings = [(("used",), used), (("most",), most)]
    about = "Their connections to the database."
    yield from exposition.family("database_connections", "gauge", about, ("state",), readings)


def _of_services(services: Sequence[ServiceState]) -> Iterable[str]:
    up = [((one.name,), int(one.is_up)) for one in services]
    took = [((one.name,), one.milliseconds / 1000) for one in services]
    yield from exposition.family("up", "gauge", "Whether a service answers.", ("service",), up)
    yield from exposition.family("check_seconds", "gauge", "How long its answer took.", ("service",), took)


def connections_of(connection: Connection) -> tuple[int, int] | None:
    """Return how many connections a PostgreSQL server has, of whomever, and may have; None for SQLite."""
    if connection.dialect.name != "postgresql":
        return None
    asked = "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity WHERE backend_type = :kind"
    used, most = connection.execute(text(asked), {"kind": "client backend"}).one()
    return used, most
