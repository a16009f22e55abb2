"""Compiled templates are kept once, for every language and place, and brought along by the build."""

from types import CodeType

import pytest
from jinja2 import DictLoader, Environment

from ui.kept import Kept, write_down
from ui.templates import environment

SOURCE = "{{ 1234.5|number }} {{ (1000 + 2)|number }}{% if 0.5|percent %} {{ 1.5|percent }}{% endif %}"


def strings(code: CodeType) -> set[str]:
    """Return the names of files that compiled code knows of itself."""
    found = {code.co_filename}
    for one in code.co_consts:
        if isinstance(one, CodeType):
            found |= strings(one)
    return found


class TestKept:
    @pytest.fixture
    def house(self, tmp_path):
        """`house(locale)`: an environment of this language whose templates are two, kept in one folder."""

        def made(locale: str) -> Environment:
            templates = DictLoader({"sum.html": SOURCE, "dist/others.html": "", "letter.txt": ""})
            return environment(locale, "UTC").overlay(loader=templates, bytecode_cache=Kept(tmp_path / "kept"))

        return made

    def test_what_one_language_compiled_is_written_as_another_writes_it(self, house):
        assert house("en").get_template("sum.html").render() == "1,234.5 1,002 150%"
        german = house("de")
        german.compile = None  # what the other one kept is used
        assert german.get_template("sum.html").render() == "1.234,5 1.002 150%"

    def test_a_build_writes_down_every_page_and_no_place_of_its_machine(self, house, tmp_path):
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept" / "0123456789ab-of-another-version.bin").touch()
        assert write_down(house("en"), tmp_path / "kept") == 1
        assert len([*(tmp_path / "kept").iterdir()]) == 1
        code = Kept(tmp_path / "kept").get_bucket(house("de"), "sum.html", "elsewhere", SOURCE).code
        assert strings(code) == {"ui/sum.html"}

    def test_a_folder_that_cannot_be_written_is_done_without(self, house, tmp_path):
        (tmp_path / "kept").write_text("a file is in the way")
        assert house("en").get_template("sum.html").render() == "1,234.5 1,002 150%"

    def test_every_page_there_is_can_be_compiled(self, tmp_path):
        assert write_down(environment("en", "UTC"), tmp_path / "kept") > 200
