"""The order of files in a whole run."""

from tests.plugins.long_first import spread

SHORT = [f"tests/engine/test_{number:02}.py" for number in range(20)]


def test_long_files_come_first_with_short_ones_between_and_none_is_lost():
    long = ["tests/browser/test_media.py", "tests/test_kill.py", "tests/browser/test_staff_looks.py"]
    ordered = list(spread([*SHORT, *long]))
    assert sorted(ordered) == sorted([*SHORT, *long])
    assert ordered[0] == "tests/browser/test_staff_looks.py"
    assert [ordered.index(name) for name in (long[0], long[1])] == [5, 10]


def test_a_part_of_the_suite_runs_as_well():
    assert list(spread(SHORT)) == SHORT
    assert list(spread(["tests/browser/test_media.py"])) == ["tests/browser/test_media.py"]
    assert list(spread([])) == []
