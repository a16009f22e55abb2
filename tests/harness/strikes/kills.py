"""Processes that die: the server, one of several, PostgreSQL, Redis."""

import os
import random
import signal
import time

from tests.harness.installation import PATIENCE, Installation
from tests.harness.strikes import AtOnce


class Kill(AtOnce):
    """The whole server, as a power cut would, and started again."""

    name = "server killed"

    def strike(self, server: Installation, roll: random.Random) -> None:
        server.kill()
        server.start()


class KillOne(AtOnce):
    """One of the processes that serve; another one comes in its place by itself."""

    name = "one process killed"

    def strike(self, server: Installation, roll: random.Random) -> None:
        before = server.children
        victim = roll.choice(sorted(before))
        os.kill(victim, signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while len(server.children - {victim}) < server.workers:
            if time.monotonic() > until:
                raise AssertionError(f"nobody came in the place of process {victim}")
            time.sleep(0.2)


class RestartPostgres(AtOnce):
    """PostgreSQL, at once: what it was doing is undone."""

    name = "PostgreSQL restarted"

    def strike(self, server: Installation, roll: random.Random) -> None:
        assert server.postgres is not None
        server.postgres.restart()


class RestartRedis:
    """Redis, which is away for a while and comes back empty."""

    name = "Redis restarted"
    lasts = True

    def strike(self, server: Installation, roll: random.Random) -> None:
        assert server.redis is not None
        server.redis.stop()

    def mend(self, server: Installation) -> None:
        assert server.redis is not None
        server.redis.start()
