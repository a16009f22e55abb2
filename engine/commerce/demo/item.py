"""How the demo's goods are written down."""

from dataclasses import dataclass

Choice = tuple[str, tuple[tuple[str, int], ...]]
PLENTY = 24


@dataclass(frozen=True, slots=True)
class Item:
    """One product. price and what a choice adds: minor units of a currency with cents.

    art: which drawing, with its colours by name. choices: (option, ((value, what it adds), ...)). A value that is the
    name of a colour is drawn in it. left: pieces at the end of the story, one number or one a variant; None where they
    are not counted. love: how much likelier than others it is bought.
    """

    name: str
    code: str
    shelf: str
    price: int
    art: str
    colours: tuple[str, ...]
    short: str
    text: str
    choices: tuple[Choice, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    grams: int | None = None
    before: int | None = None
    is_featured: bool = False
    left: tuple[int, ...] | None = (PLENTY,)
    love: float = 1.0


def colours(*names: str) -> Choice:
    """Return a choice of glazes or inks."""
    return "Colour", tuple((name, 0) for name in names)
