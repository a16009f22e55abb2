"""Text from people: what cannot be seen is no text."""

import pytest

from engine.core.plaintext import is_blank, line_of, paragraphs_of

SPACES = ["", "   ", "\u00a0\u3000", "\x00\n"]
FILLERS = ["\u200b", "\u200b \ufeff\u2060", "\u200f\u2066", "\u3164\u115f", "\u2800\u2800", "\u034f\ufe0f"]


@pytest.mark.parametrize("text", [*SPACES, *FILLERS])
def test_a_text_of_which_nothing_is_seen_is_empty(text: str) -> None:
    assert is_blank(text)
    assert (line_of(text), paragraphs_of(text)) == ("", "")


@pytest.mark.parametrize("text", ["a", "0", "…", "م", "می\u200cخواهم", "👩\u200d👧", "\u3164한"])
def test_what_is_seen_stays(text: str) -> None:
    assert not is_blank(text)
    assert (line_of(text), paragraphs_of(text)) == (text, text)
