"""What staff decide about the search: words that mean the same. The settings key `search`."""

from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

from engine.core.ports import SearchWords
from engine.core.setting import Settings

MOST_LINES = 500
ONE_WAY = "=>"


def _line(value: str) -> str:
    """Return a line of synonyms with single spaces. Raises ValueError where nothing is said to mean the same."""
    said, arrow, meant = value.partition(ONE_WAY)
    names = _names(said)
    others = _names(meant)
    if (arrow and not (names and others)) or (not arrow and len(names) < 2):
        raise ValueError(
            f"“{value[:60]}” must be two words or more, parted by commas (tee, t-shirt), or go one way "
            "(jumper => sweater)"
        )
    return f"{', '.join(names)} {ONE_WAY} {', '.join(others)}" if arrow else ", ".join(names)


def _names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := " ".join(part.split()))]


class SearchSettings(Settings):
    """Synonyms, a group a line: `tee, t-shirt, shirt` each stand for the others, `jumper => sweater` goes one way."""

    key = "search"
    synonyms: list[Annotated[str, Field(max_length=300), AfterValidator(_line)]] = Field(
        default=[], max_length=MOST_LINES
    )


@lru_cache(maxsize=4)
def search_words(language: str, lines: tuple[str, ...]) -> SearchWords:
    """Return how words are read in this language with these lines of synonyms."""
    synonyms: dict[str, tuple[str, ...]] = {}
    for line in lines:
        said, arrow, meant = line.partition(ONE_WAY)
        names = _names(said)
        for name in names:
            others = _names(meant) if arrow else [other for other in names if other != name]
            synonyms[name] = tuple(dict.fromkeys((*synonyms.get(name, ()), *others)))
    return SearchWords(language, synonyms)
