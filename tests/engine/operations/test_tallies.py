"""What several processes count is told as one, and what is not theirs stands in nobody's way."""

import os
from pathlib import Path

from engine.core.measures import Measures
from engine.operations.watch.tallies import Load, Tallies


def process(folder: Path) -> tuple[Tallies, Measures]:
    """One more process on a data folder."""
    own = Measures()
    return Tallies(folder, own), own


class TestTogether:
    def test_all_counts_are_added_and_those_of_the_dead_stay(self, tmp_path: Path) -> None:
        folder = tmp_path / "measures"
        (first, mine), (second, theirs) = process(folder), process(folder)
        for measures, seconds in ((mine, 0.02), (theirs, 3.0)):
            measures.request("storefront", "GET", "/", 200, seconds)
            measures.cached("disk", is_hit=True)
            measures.database["read"].note(seconds)
        theirs.request("api", "GET", "/api/v1/orders", 500, 0.1)
        first.write(Load((1, 9), 5.0, 100))
        second.write(Load((8, 9), 7.0, 200))
        together, loads = first.read(Load((2, 9), 6.0, 110))
        assert together.requests["storefront", "GET", "/", 200] == 2
        assert together.answered() == (3, 1)
        assert sum(together.latencies()) == 3
        assert together.database["read"].total == 2
        assert together.caches["disk", "hit"] == 2
        assert loads == [Load((2, 9), 6.0, 110), Load((8, 9), 7.0, 200)]
        assert mine.answered() == (1, 0)  # and nobody's own counts are touched
        for path in folder.glob("*.json"):
            os.utime(path, (0, 0))
        together, loads = first.read(Load())
        assert together.answered() == (3, 1)
        assert loads == [Load()]

    def test_what_cannot_be_read_is_left_out(self, tmp_path: Path) -> None:
        (tmp_path / "1-x.json").write_text('{"counts": {"requests": [["api", "GET", "/", 200, 7], ["a"]]}, "load": []}')
        (tmp_path / "2-x.json").write_text("half a li")
        (tmp_path / "3-x.json").write_text("[]")
        alone, own = process(tmp_path)
        own.request("api", "GET", "/", 200, 0.1)
        together, loads = alone.read(Load())
        assert together.answered() == (1, 0)
        assert loads == [Load()]
