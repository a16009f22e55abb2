"""The arithmetic of orders, over everything that can be thought of."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.commerce.ordering.rules import deliveries, shared, totals
from engine.core.site import Shipping, Tax

amounts = st.lists(st.integers(0, 10**11), min_size=1, max_size=30)
rates = st.decimals(0, 100, places=4, allow_nan=False)


def vat(rate: str | Decimal = "19", *, included: bool = True, **fields: bool) -> Tax:
    return Tax(enabled=True, rate_percent=Decimal(rate), prices_include_tax=included, **fields)


class TestTotals:
    def test_without_tax_are_goods_and_delivery(self) -> None:
        sums = totals([1000, 250], 490, Tax())
        assert (sums.subtotal_minor, sums.tax_minor, sums.total_minor) == (1250, 0, 1740)

    def test_tax_inside_the_prices_does_not_change_the_total(self) -> None:
        sums = totals([11900], 0, vat())
        assert (sums.tax_minor, sums.total_minor) == (1900, 11900)

    def test_tax_on_top_is_added(self) -> None:
        sums = totals([10000], 1000, vat(included=False))
        assert (sums.tax_minor, sums.total_minor) == (2090, 13090)

    def test_delivery_may_be_free_of_tax(self) -> None:
        sums = totals([10000], 1000, vat(included=False, applies_to_shipping=False))
        assert (sums.tax_minor, sums.shipping_tax_minor, sums.total_minor) == (1900, 0, 12900)

    def test_tax_is_rounded_once_not_line_by_line(self) -> None:
        sums = totals([3] * 10, 0, vat("10", included=False))
        assert (sums.tax_minor, sorted(sums.line_taxes)) == (3, [0] * 7 + [1] * 3)

    @given(amounts, st.integers(0, 10**6), rates, st.booleans(), st.booleans())
    def test_always_add_up(
        self, lines: list[int], shipping: int, rate: Decimal, included: bool, on_shipping: bool
    ) -> None:
        tax = vat(rate, included=included, applies_to_shipping=on_shipping)
        sums = totals(lines, shipping, tax)
        assert sum(sums.line_taxes) + sums.shipping_tax_minor == sums.tax_minor
        added = 0 if included else sums.tax_minor
        assert sums.subtotal_minor + sums.shipping_minor + added == sums.total_minor
        assert 0 <= sums.tax_minor <= sums.total_minor
        assert all(share >= 0 for share in sums.line_taxes)

    @given(amounts, rates)
    def test_tax_out_of_gross_prices_put_on_the_net_gives_the_gross_again(
        self, lines: list[int], rate: Decimal
    ) -> None:
        inside = totals(lines, 0, vat(rate))
        net = inside.total_minor - inside.tax_minor
        assert abs(totals([net], 0, vat(rate, included=False)).total_minor - inside.total_minor) <= 1


class TestShared:
    @given(st.integers(0, 10**9), amounts)
    def test_loses_nothing_and_is_off_by_less_than_one(self, whole: int, weights: list[int]) -> None:
        shares, total = shared(whole, weights), sum(weights)
        assert sum(shares) == (whole if total else 0)
        assert all(
            abs(share * total - whole * weight) < total for share, weight in zip(shares, weights, strict=True) if total
        )


class TestDeliveries:
    def test_are_free_from_a_sum_on(self) -> None:
        shipping = Shipping(flat_rate_minor=490, free_from_minor=5000)
        assert [deliveries(shipping, sum_)[0].price_minor for sum_ in (4999, 5000)] == [490, 0]

    def test_are_those_that_the_settings_offer(self) -> None:
        assert deliveries(Shipping(flat_rate_enabled=False), 1) == []
        assert [way.method for way in deliveries(Shipping(pickup_enabled=True), 1)] == ["flat_rate", "pickup"]
