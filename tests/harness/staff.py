"""Staff: they count stock, take money, send parcels, cancel and return money."""

from itertools import count
from queue import Empty

from tests.harness.journal import COUNT, HAND_PAYMENT, REFUND, STEP
from tests.harness.person import Person, World
from tests.harness.shoppers import Market, Shopper


class Cashier(Shopper):
    """Marks orders as paid, sends or cancels them, and sends money back."""

    is_staff = True

    def act(self) -> None:
        order_id, email, is_by_hand = self._next()
        if order_id is None:
            return
        if is_by_hand and not self._take_money(order_id, email):
            return
        if self.random.random() < 0.5:
            self._step(order_id, email, "shipped")
        elif self._step(order_id, email, "cancelled"):
            self._send_back(order_id, email, is_by_hand=is_by_hand)

    def _next(self) -> tuple[str | None, str, bool]:
        for queue, is_by_hand in ((self.market.paid, False), (self.market.to_pay, True)):
            try:
                return (*queue.get(timeout=0.1), is_by_hand)
            except Empty:
                continue
        return None, "", False

    def _take_money(self, order_id: str, email: str) -> bool:
        headers = {"Idempotency-Key": f"hand-{order_id}"}
        answer, _lost = self.ask("POST", f"/orders/{order_id}/payments", json={}, headers=headers)
        if answer.status_code != 200:
            self.wonder(answer)
            return False
        self.journal.note(HAND_PAYMENT, email)
        return True

    def _step(self, order_id: str, email: str, to: str) -> bool:
        answer, lost = self.ask("POST", f"/orders/{order_id}/transitions", json={"to": to})
        if answer.status_code == 409:  # it was done and the answer lost, or a card's money is not there yet
            seen, _lost = self.ask("GET", f"/orders/{order_id}")
            if not lost or seen.status_code != 200 or seen.json()["status"] != to:
                return False
        elif answer.status_code != 200:
            self.wonder(answer)
            return False
        self.journal.note(STEP, email, to=to)
        return True

    def _send_back(self, order_id: str, email: str, *, is_by_hand: bool) -> None:
        ledger, _lost = self.ask("GET", f"/orders/{order_id}/payments")
        if ledger.status_code != 200:
            return self.wonder(ledger)
        for refund in ledger.json()["refunds"]:
            if refund["status"] != "needed":
                continue
            if is_by_hand or not refund["isOnline"]:
                answer, lost = self.ask("POST", f"/orders/{order_id}/refunds/{refund['id']}/marks", json={})
            else:
                headers = {"Idempotency-Key": f"refund-{refund['id']}"}
                answer, lost = self.ask("POST", f"/orders/{order_id}/refunds", headers=headers)
            if answer.status_code == 200 or (answer.status_code == 409 and lost):
                self.journal.note(REFUND, refund["id"], email=email)
            else:
                self.wonder(answer)
        return None


class Counter(Person):
    """Counts one product, to another number each time, and fills the shelf of the scarce one."""

    is_staff = True

    def __init__(self, name: str, world: World, market: Market, counted: str) -> None:
        super().__init__(name, world)
        self.market = market
        self.counted = counted
        self._numbers = count(1_001)

    def act(self) -> None:
        number = next(self._numbers)
        answer, _lost = self.ask("PATCH", f"/products/{self.counted}", json={"stock": number})
        if answer.status_code == 200:
            self.journal.note(COUNT, str(number))
        else:
            self.wonder(answer)
        if number % 5 == 0:
            answer, _lost = self.ask("PATCH", f"/products/{self.market.products[-1]}", json={"stock": 20})
            if answer.status_code not in (200, 409):
                self.wonder(answer)
        self.rest(0.2)
