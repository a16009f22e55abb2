"""The grammar of each language that a site can have."""

import pytest

from adapters.search.analysis import Language
from ui.admin.settings.choices import LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_that_can_be_chosen_is_read(code: str) -> None:
    """Arabic and Greek, for one, have stems and no list of stop words; Polish has the list and no stems."""
    grammar = Language(code)
    assert grammar.indexed("Mugs").startswith("mugs")
