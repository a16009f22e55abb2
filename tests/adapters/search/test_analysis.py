"""The grammar of each language that a site can have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.search.analysis import Language, latinised, terms, words
from engine.core.html import text_of
from ui.admin.settings.choices import LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_that_can_be_chosen_is_read(code: str) -> None:
    """Arabic and Greek, for one, have stems and no list of stop words; Polish has the list and no stems."""
    grammar = Language(code)
    assert grammar.indexed("Mugs").startswith("mugs")


class TestPlainText:
    """Most texts are plain, and take a shorter way to the same words."""

    @given(st.text(st.characters(max_codepoint=127)))
    def test_its_words_are_those_of_any_text(self, text: str) -> None:
        assert words(text) == [word for term in terms(text) for word in term]
        assert words(f"{text} ß") == [*words(text), "ss"]
        assert latinised(text) == ""

    @given(st.text(st.characters(exclude_characters="<&\0", exclude_categories=["Cs"])))
    def test_without_markup_nothing_but_its_spaces_is_changed(self, text: str) -> None:
        assert text_of(text) == text_of(f"<b>{text}</b>")
