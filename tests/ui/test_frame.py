"""The frame of a page, with some of it changed."""

import pytest

from ui.page import PageContext


def test_a_frame_with_some_of_it_changed_is_another_one() -> None:
    frame = PageContext(title="Mugs", site_name="Potters")
    other = frame.having(title="Bowls", path="/bowls")
    assert (other.title, other.path, other.site_name) == ("Bowls", "/bowls", "Potters")
    assert frame == PageContext(title="Mugs", site_name="Potters")


def test_what_no_frame_has_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        PageContext(title="Mugs").having(colour="red")
