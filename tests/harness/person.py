"""A person: a thread that acts again and again, and asks until there is an answer."""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.harness.installation import Installation
from tests.harness.journal import Journal
from tests.server import PASSWORD

OWNER = "owner@example.org"
PAUSE = 0.1
#: Answers of a house that cannot just now: one asks again. Every other of 500 and more is a fault of the house.
LATER = (429, 502, 503, 504, 507)


@dataclass
class World:
    """What all people share. token: by which staff are known, who sign in one at a time."""

    server: Installation
    journal: Journal
    seed: int
    token: str = ""
    desk: threading.Lock = field(default_factory=threading.Lock)


class Over(Exception):
    """Raised to a person who waits for an answer when everything ends."""


class Person(threading.Thread):
    """Somebody with a browser or a program. `act` is done again and again until it is over."""

    #: Whether this person signs in.
    is_staff = False

    def __init__(self, name: str, world: World) -> None:
        super().__init__(name=name, daemon=True)
        self.world = world
        self.server = world.server
        self.journal = world.journal
        self.random = random.Random(f"{world.seed} {name}")
        self.is_over = threading.Event()
        self.client = httpx.Client(base_url=f"{self.server.url}/api/v1", timeout=60)

    def run(self) -> None:
        try:
            while not self.is_over.is_set():
                self.act()
        except Over:
            pass
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs in the report
            self.journal.wonder(f"{self.name} gave up: {error!r}")
        finally:
            self.client.close()

    def act(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    def rest(self, seconds: float) -> None:
        """Wait a little. Raises Over."""
        if self.is_over.wait(seconds):
            raise Over

    def ask(self, method: str, path: str, **sent: Any) -> tuple[httpx.Response, bool]:
        """Ask until there is an answer that was read whole; return it, and whether one was lost before. Raises Over."""
        lost = False
        while not self.is_over.is_set():
            try:
                answer = self.client.request(method, path, **sent)
            except httpx.TransportError:
                lost = True
                self.rest(PAUSE)
                continue
            if answer.status_code in LATER:
                lost = True  # the house may have done it, and not have been able to say so
                self.journal.ask_again(answer.status_code)
                self.rest(PAUSE * 2)
            elif answer.status_code == 401 and self.is_staff:
                self._sign_in()
            else:
                if answer.status_code >= 500:
                    self.journal.wonder(f"{self.name}: {method} {path}: {answer.status_code}")
                    self.rest(PAUSE * 5)
                return answer, lost
        raise Over

    def wonder(self, answer: httpx.Response) -> None:
        """Write down an answer that should not have come; a fault of the house stands there already."""
        if answer.status_code < 500:
            request = answer.request
            self.journal.wonder(
                f"{self.name}: {request.method} {request.url.path}: {answer.status_code} {answer.text[:400]}"
            )
        self.rest(PAUSE)

    def _sign_in(self) -> None:
        """Take the token that somebody got meanwhile, or get one. Raises Over."""
        refused = self.client.headers.pop("authorization", "")
        with self.world.desk:
            while f"Bearer {self.world.token}" == refused or not self.world.token:
                if self.is_over.is_set():
                    raise Over
                try:
                    answer = self.client.post("/auth/login", json={"email": OWNER, "password": PASSWORD})
                except httpx.TransportError:
                    time.sleep(PAUSE)
                    continue
                if answer.status_code == 200:
                    self.world.token = answer.json()["accessToken"]
                elif answer.status_code not in LATER:
                    self.journal.wonder(f"{self.name} cannot sign in: {answer.status_code} {answer.text[:300]}")
                    self.rest(PAUSE * 5)
        self.client.headers["authorization"] = f"Bearer {self.world.token}"
