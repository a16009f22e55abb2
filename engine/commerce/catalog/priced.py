"""What several prices of one thing amount to: on the shop's cards, at a price check and in the search."""


class Priced:
    """Anything of one product's prices, in minor units of the site's currency. compare_at_minor: the price before."""

    __slots__ = ()
    price_minor: int
    highest_price_minor: int
    compare_at_minor: int | None

    @property
    def has_range(self) -> bool:
        return self.highest_price_minor > self.price_minor

    @property
    def is_reduced(self) -> bool:
        return is_reduced(self.price_minor, self.compare_at_minor)


def is_reduced(price_minor: int, compare_at_minor: int | None) -> bool:
    """Return whether a price is below the one before."""
    return compare_at_minor is not None and compare_at_minor > price_minor
