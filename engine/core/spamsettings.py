"""What staff decide about spam in comments, reviews and forms. The settings key `spam`."""

from typing import Annotated

from pydantic import AfterValidator, Field

from engine.core.setting import Settings

MOST_WORDS = 500


def _word(value: str) -> str:
    """Return a word or phrase with single spaces. Raises ValueError for one that would hold everything."""
    word = " ".join(value.split())
    if sum(character.isalnum() for character in word) < 2:
        raise ValueError(f"“{value[:60]}” is too short to look for; write at least two letters")
    return word


class SpamSettings(Settings):
    """Held words are looked for whole, whatever their case or disguise; a `*` at an end stands for any letters.

    max_links: more than these wait for staff. min_seconds: who is quicker is taken for a machine. per_address_hour,
    per_author_hour: how much one address of the network, one e-mail address may send in an hour before it waits.
    """

    key = "spam"
    held_words: list[Annotated[str, Field(max_length=100), AfterValidator(_word)]] = Field(
        default=[], max_length=MOST_WORDS
    )
    max_links: Annotated[int, Field(ge=0, le=50)] = 2
    min_seconds: Annotated[int, Field(ge=0, le=60)] = 3
    per_address_hour: Annotated[int, Field(ge=1, le=1_000)] = 10
    per_author_hour: Annotated[int, Field(ge=1, le=1_000)] = 6
    learns: bool = True
