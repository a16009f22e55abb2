"""Payers: the bank's side. It pays, declines, is late, tells twice, and sends old webhooks again."""

import json
from collections import deque
from itertools import count
from queue import Empty

from engine.commerce.ports import TEST, Answer, Timing
from engine.core import signatures
from engine.core.secrets import load_secrets
from tests.harness.journal import PAYMENT, WEBHOOK
from tests.harness.person import World
from tests.harness.shoppers import Bill, Market, Shopper

TIMINGS = (Timing.AT_ONCE, Timing.BEFORE, Timing.TWICE, Timing.AFTER, Timing.LATE, Timing.TOO_LATE)


class Payer(Shopper):
    """Answers for the bank on the test gateway's page, and is the gateway that repeats itself."""

    is_staff = True  # who asks for an order's ledger has to be

    def __init__(self, name: str, world: World, market: Market) -> None:
        super().__init__(name, world, market)
        self._events = count(1)
        self._taken: deque[str] = deque()

    def act(self) -> None:
        try:
            bill = self.market.bills.get(timeout=0.2)
        except Empty:
            return None
        roll = self.random.random()
        if roll < 0.08:
            return None  # somebody closed the browser
        is_paid = roll < 0.85
        said = Answer.PAY if is_paid else self.random.choice([Answer.DECLINE, Answer.NO_FUNDS])
        timing = self.random.choice(TIMINGS)
        sent = {"answer": said.value, "timing": timing.value}
        headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
        answer, lost = self.ask("POST", f"{self.server.url}{bill.page}", data=sent, headers=headers)
        if answer.status_code not in (303, 409):
            return self.wonder(answer)
        if answer.status_code == 409 and not lost:  # the order's time to pay was over
            return None
        if is_paid and answer.status_code == 303:
            self.journal.note(PAYMENT, bill.email, intent=bill.page.rpartition("/")[2], timing=timing.value)
            self._go_on(bill, timing)
        return None

    def _go_on(self, bill: Bill, timing: Timing) -> None:
        """Come back to the shop now and then, and have a webhook told again."""
        if bill.order_id is None:
            return
        if timing in (Timing.AT_ONCE, Timing.BEFORE, Timing.TWICE) and self.random.random() < 0.4:
            self.market.paid.put((bill.order_id, bill.email))
        self._taken.append(bill.order_id)
        if len(self._taken) > 3:
            self._tell_again(self._taken.popleft())

    def _tell_again(self, order_id: str) -> None:
        """Send a webhook of a payment that is taken, several times under one id."""
        ledger, _lost = self.ask("GET", f"/orders/{order_id}/payments")
        if ledger.status_code != 200:
            return self.wonder(ledger)
        attempts = [one for one in ledger.json()["attempts"] if one["status"] == "succeeded"]
        if not attempts:
            return None
        event, attempt = f"evt_again_{self.name}_{next(self._events)}", attempts[0]
        found = {
            "id": attempt["intentId"],
            "reference": attempt["id"],
            "state": "succeeded",
            "amount": attempt["amount"]["amount"],
            "currency": attempt["amount"]["currency"],
            "failure": "",
            "refunded": 0,
        }
        told = {"id": event, "type": "payment_intent.succeeded", "data": {"object": found}}
        body = json.dumps(told, separators=(",", ":")).encode()
        answers = [self._tell(body) for _time in range(self.random.randint(2, 3))]
        if all(answers):
            self.journal.note(WEBHOOK, event)
        return None

    def _tell(self, body: bytes) -> bool:
        secret = f"whsec_{load_secrets(self.server.folder).signature('webhook', TEST)}"
        signed = {"stripe-signature": signatures.sign(secret, body, self.server.now())}
        answer, lost = self.ask("POST", f"/webhooks/payments/{TEST}", content=body, headers=signed)
        if answer.status_code == 200:
            return True
        if answer.status_code != 422 or not lost:  # its signature grew old, for the clock went on
            self.journal.ask_again(answer.status_code)
        return False
