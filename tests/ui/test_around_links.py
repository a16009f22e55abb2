"""Whether a link around the page leads to it is asked at once of all: as each link would say."""

from hypothesis import given
from hypothesis import strategies as some

from ui.around import Kept, place_of
from ui.page import PageContext

_parts = some.lists(some.sampled_from(["a", "b", ""]), max_size=5).map(lambda parts: "/" + "/".join(parts))
_hrefs = some.one_of(_parts, _parts.map(lambda path: f"{path}?x=/y"), some.sampled_from(["", "mailto:a@b", "/a/#f"]))


@given(path=_parts, hrefs=some.lists(_hrefs, max_size=4))
def test_a_page_is_found_among_links_as_each_of_them_would_find_it(path: str, hrefs: list[str]) -> None:
    kept = Kept((), frozenset(place_of(href) for href in hrefs), {})
    assert kept.leads_to(path) is any(PageContext(title="", path=path).is_at(href) for href in hrefs)
