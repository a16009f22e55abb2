"""The table of an order's steps, read as a whole."""

from itertools import product

import pytest

from engine.commerce.ordering.states import (
    STEPS,
    OrderStatus,
    Party,
    PaymentStatus,
    Standing,
    check_step,
    next_steps,
    payment_after,
)
from engine.core.errors import AgoraError, Conflict, NotAllowed

S = OrderStatus
EVERY = [
    Standing("1001", status, payment, is_shipped, has_goods)
    for status, payment, is_shipped, has_goods in product(OrderStatus, PaymentStatus, (True, False), (True, False))
]


def standing(
    status: OrderStatus, payment: PaymentStatus = PaymentStatus.PENDING, *, is_shipped: bool = True
) -> Standing:
    return Standing("1001", status, payment, is_shipped)


class TestSteps:
    def test_every_state_is_in_the_table_and_can_be_reached(self) -> None:
        reached, to_visit = {S.PENDING}, [S.PENDING]
        while to_visit:
            new = set(STEPS[to_visit.pop()]) - reached
            reached |= new
            to_visit += new
        assert set(STEPS) == reached == set(OrderStatus)

    def test_no_state_leads_to_itself(self) -> None:
        assert all(status not in steps for status, steps in STEPS.items())

    @pytest.mark.parametrize("order", EVERY)
    @pytest.mark.parametrize("party", Party)
    def test_the_buttons_that_are_shown_are_exactly_the_steps_that_work(self, order: Standing, party: Party) -> None:
        worked = []
        for to in OrderStatus:
            try:
                check_step(order, to, party)
            except AgoraError:
                continue
            worked.append(to)
        assert set(next_steps(order, party)) == set(worked)

    def test_a_buyer_may_only_cancel_what_is_pending(self) -> None:
        found = {order.status: next_steps(order, Party.BUYER) for order in EVERY}
        assert {status: steps for status, steps in found.items() if steps} == {S.PENDING: [S.CANCELLED]}

    def test_a_confirmed_order_may_be_shipped_at_once(self) -> None:
        assert next_steps(standing(S.CONFIRMED), Party.STAFF)[0] is S.SHIPPED

    def test_what_is_picked_up_is_handed_over_and_never_shipped(self) -> None:
        assert next_steps(standing(S.CONFIRMED, is_shipped=False), Party.STAFF) == [
            S.PROCESSING,
            S.DELIVERED,
            S.CANCELLED,
        ]

    def test_what_a_form_asked_for_is_never_packed_and_only_its_money_goes_back(self) -> None:
        asked = [order for order in EVERY if not order.has_goods]
        found = {step for order in asked for step in next_steps(order, Party.STAFF)}
        assert found == {S.CANCELLED, S.REFUNDED}
        assert S.CANCELLED not in next_steps(standing(S.COMPLETED), Party.STAFF)
        assert all(S.COMPLETED not in next_steps(standing(S.CONFIRMED), party) for party in Party)

    @pytest.mark.parametrize("status", OrderStatus)
    def test_nothing_is_refunded_that_was_not_paid(self, status: OrderStatus) -> None:
        assert S.REFUNDED not in next_steps(standing(status), Party.STAFF)


class TestRefusals:
    def test_a_step_that_does_not_follow_names_those_that_do(self) -> None:
        with pytest.raises(
            Conflict, match=r"Order 1001 is pending and cannot become shipped\. .*: confirmed, cancelled\."
        ):
            check_step(standing(S.PENDING), S.SHIPPED, Party.STAFF)

    def test_the_last_state_is_final(self) -> None:
        with pytest.raises(Conflict, match="final"):
            check_step(standing(S.REFUNDED), S.PENDING, Party.STAFF)

    def test_a_step_of_the_shop_is_not_the_buyers(self) -> None:
        with pytest.raises(NotAllowed, match="only the shop"):
            check_step(standing(S.CONFIRMED), S.CANCELLED, Party.BUYER)


class TestPaymentAfter:
    @pytest.mark.parametrize("to", [S.CANCELLED, S.RETURNED])
    def test_money_for_goods_that_come_back_is_owed(self, to: OrderStatus) -> None:
        assert payment_after(standing(S.CONFIRMED, PaymentStatus.PAID), to) is PaymentStatus.REFUND_NEEDED
        assert payment_after(standing(S.CONFIRMED), to) is PaymentStatus.PENDING

    def test_a_refund_settles_it(self) -> None:
        assert payment_after(standing(S.CANCELLED, PaymentStatus.REFUND_NEEDED), S.REFUNDED) is PaymentStatus.REFUNDED
