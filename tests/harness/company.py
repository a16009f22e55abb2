"""Everybody at once: the goods and pages that they work on are made, and they begin."""

from collections.abc import Sequence
from queue import Queue

from tests.harness.installation import Installation
from tests.harness.journal import Journal
from tests.harness.payers import Payer
from tests.harness.person import OWNER, Person, World
from tests.harness.post import PostOffice
from tests.harness.shoppers import Market, Shopper, Visitor
from tests.harness.staff import Cashier, Counter
from tests.harness.writers import Work, Writer, written

PLENTY = 1_000_000


class Company:
    """The people of one run, and the pages that its writers have."""

    def __init__(self, server: Installation, journal: Journal, seed: int, post: PostOffice) -> None:
        self.journal, self.post = journal, post
        with server.client(OWNER) as owner:
            answer = owner.put("/settings/payments", json={"enabled": True})
            assert answer.status_code == 200, answer.text
            sent = {"host": "127.0.0.1", "port": str(post.port), "encryption": "none"}
            by_post = {"provider": "smtp", "fromEmail": "shop@example.org", "credentials": sent}
            answer = owner.put("/settings/email", json={**by_post, "rateLimitPerHour": 100_000})
            assert answer.status_code == 200, answer.text
            names = (("Blue mug", PLENTY), ("Green bowl", PLENTY), ("Rare plate", 20), ("Counted cup", 1_000))
            products = []
            for name, stock in names:
                sent = {"name": name, "price": {"amount": 1250, "currency": "GBP"}, "stock": stock, "status": "active"}
                made = owner.post("/products", json=sent)
                assert made.status_code == 201, made.text
                products.append(made.json()["id"])
            self.works = []
            for name in ("ada", "bob"):
                made = owner.post("/pages/begin", json={"slug": name, "content": written(name, 0)})
                assert made.status_code == 201, made.text
                self.works.append(Work(name, made.json()["id"], f"/{name}", made.json()["edit"]))
        *products, self.counted = products
        self.market = Market(products, Queue(), Queue(), Queue())
        world = World(server, journal, seed)
        self.people: Sequence[Person] = (
            Shopper("alma", world, self.market),
            Shopper("bela", world, self.market),
            Visitor("vera", world, self.market),
            Payer("bank", world, self.market),
            Cashier("carl", world, self.market),
            Counter("cora", world, self.market, self.counted),
            *(Writer(work.name, world, work) for work in self.works),
        )

    def begin(self) -> None:
        """Let everybody begin."""
        for person in self.people:
            person.start()

    def end(self) -> None:
        """Let everybody finish what they are at."""
        for person in self.people:
            person.is_over.set()
        for person in self.people:
            person.join(90)
            if person.is_alive():
                self.journal.wonder(f"{person.name} still waits for an answer")
