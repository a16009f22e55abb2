"""What an index keeps of a document, and how much each field weighs: one measure for every adapter."""

FIELDS = (("title", 8.0), ("keywords", 4.0), ("body", 1.0))
CODE_SCORE = 10_000.0
BEGUN_SCORE = 2.0
STEM, SYNONYM, TYPO = 0.9, 0.8, 0.4
TIE = 0.1
#: Of one facet so many values are counted.
MOST_VALUES = 2_000
#: Who finds a document: by an empty text (list), by words (find).
SEEN = {"public": ("list", "find"), "listed": ("list",), "found": ("find",), "staff": ()}
#: Between a facet's name and its value.
PART = "\x1f"


def number_field(name: str) -> str:
    """Return the field that holds a number."""
    return f"n_{name}"


def key_of(type_: str, id_: object) -> str:
    """Return what names one document."""
    return f"{type_}:{id_}"
