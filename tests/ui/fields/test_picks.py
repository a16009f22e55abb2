"""Choices, tags, records and files: taken where they are known, named where they are not."""

import pytest
from starlette.datastructures import UploadFile

from engine.core.ids import new_id
from tests.security.values import TEXTS
from tests.ui.fields.posting import field, form, read, refused
from ui.fields.parsing import parse, shown, typed, uploads

ONE, TWO, THREE = (str(new_id()) for _ in range(3))
FEW = (("draft", "Draft"), ("active", "Active"))
CODES = ({"label": "Lasting", "options": ((301, "Moved"), (308, "Moved, same method"))}, (302, "For now"))


class TestSwitch:
    def test_it_is_on_where_it_is_sent(self):
        assert read(field("switch"), "true") is True
        assert parse(field("switch"), form()) is False

    def test_one_that_must_be_ticked(self):
        assert refused(field("checkbox", required=True), form()) == "This is required."


class TestChoice:
    def test_the_options_own_value_comes_back(self):
        assert read(field("choice", options=CODES), "308") == 308

    @pytest.mark.parametrize("text", ["303", "301 ", *TEXTS])
    def test_what_is_no_option_is_refused(self, text):
        assert "is not one of the choices" in refused(field("choice", options=CODES), text)

    def test_none_is_none_unless_one_is_required(self):
        assert read(field("choice", options=FEW), "") is None
        assert read(field("choice", options=(("", "Any"), *FEW)), "") == ""
        assert refused(field("choice", options=FEW, required=True), "") == "This is required."

    def test_several_come_once_each_in_their_order(self):
        view = field("choice", options=FEW, multiple=True)
        assert parse(view, form(("it", "active"), ("it", "draft"), ("it", "active"))) == ["active", "draft"]
        assert parse(view, form()) == []
        assert shown(view, ["active"]) == ["active"]

    def test_too_many_are_counted(self):
        view = field("choice", options=FEW, multiple=True, maximum=1)
        assert refused(view, form(("it", "active"), ("it", "draft"))) == "Choose at most 1; these are 2."


class TestTags:
    def test_words_stand_between_commas_each_once(self):
        assert read(field("tags"), " new, Blue ,blue,, two  words\nthree") == ["new", "Blue", "two words", "three"]

    def test_a_word_may_hold_a_comma(self):
        view = field("tags")
        assert read(view, shown(view, ["a, b", "c"])) == ["a, b", "c"]

    def test_commas_of_other_scripts_count(self):
        assert read(field("tags"), "一、二，三، ٤") == ["一", "二", "三", "٤"]

    def test_one_that_is_too_long_is_named(self):
        assert "is too long for a tag" in refused(field("tags"), "x" * 101)

    def test_records_show_their_names(self):
        assert shown(field("tags"), [{"id": ONE, "name": "new"}, "old"]) == "new, old"

    @pytest.mark.parametrize("text", TEXTS)
    def test_any_words_survive_the_form(self, text):
        words = read(field("tags", max_length=500), text)
        assert read(field("tags", max_length=500), shown(field("tags"), words)) == words


class TestRelation:
    view = field("relation", search_url="/admin/x")

    def test_it_is_an_id(self):
        assert read(self.view, ONE.upper()) == ONE
        assert read(self.view, "") is None

    @pytest.mark.parametrize("text", ["7", "Blue mug", *TEXTS])
    def test_what_is_no_id_is_refused(self, text):
        assert "is not an id" in refused(self.view, text)

    def test_several_keep_their_order(self):
        view = field("relation", search_url="/admin/x", multiple=True)
        assert parse(view, form(("it", TWO), ("it", ""), ("it", ONE), ("it", TWO))) == [TWO, ONE]

    def test_titles_come_back_with_what_was_typed(self):
        data = form((f"it.title.{ONE}", "Blue mug"), it=ONE)
        assert typed(self.view, data) == [{"id": ONE, "title": "Blue mug"}]

    def test_records_show_their_titles_and_ids_their_labels(self):
        assert shown(self.view, {"id": ONE, "title": "Mug"}) == [{"id": ONE, "title": "Mug"}]
        assert shown(field("relation", options=((ONE, "Mug"),)), ONE) == [{"id": ONE, "title": "Mug"}]
        assert shown(self.view, None) == []

    def test_a_short_list_takes_only_what_is_in_it(self):
        view = field("relation", options=((ONE, "Mug"),))
        assert read(view, ONE) == ONE
        assert "is not one of the choices" in refused(view, TWO)


class TestFile:
    def test_it_is_the_id_of_the_media_library(self):
        assert read(field("image"), ONE) == ONE
        assert "is not an id" in refused(field("image"), "../../etc/passwd")

    def test_one_that_was_ticked_is_removed(self):
        data = form(("it.remove", ONE), it=ONE)
        assert parse(field("image"), data) is None
        assert typed(field("image"), data) == []

    def test_one_that_came_along_takes_the_place_of_the_old(self):
        assert parse(field("image"), form(it=ONE), stored={"it.file": TWO}) == TWO
        several = field("image", multiple=True)
        assert parse(several, form(("it", ONE), ("it", TWO)), stored={"it.file": THREE}) == [ONE, TWO, THREE]

    def test_what_came_along_is_found_in_rows_too(self):
        sent, empty = UploadFile(file=None, filename="a.png"), UploadFile(file=None, filename="")
        views = [field("image"), field("rows", rows=(field("file"),))]
        data = form(("it.file", empty), ("it.3.it.file", sent))
        assert uploads(views, data) == {"it.3.it.file": sent}

    def test_addresses_and_words_come_back_but_none_of_elsewhere(self):
        data = form((f"it.url.{ONE}", "/media/a.webp"), (f"it.alt.{ONE}", "A mug"), it=ONE)
        assert typed(field("image"), data) == [{"id": ONE, "url": "/media/a.webp", "alt": "A mug", "name": ""}]
        for url in ("//evil.example/a", "https://evil.example", "javascript:x"):
            assert typed(field("image"), form((f"it.url.{ONE}", url), it=ONE))[0]["url"] == ""

    def test_what_the_library_says_is_shown(self):
        known = {"id": ONE, "url": "/a.jpg", "alt": "A", "filename": "a.jpg", "variants": {"thumbnail": "/t.webp"}}
        assert shown(field("image"), known) == [{"id": ONE, "url": "/t.webp", "alt": "A", "name": "a.jpg"}]
        assert shown(field("image"), ONE) == [{"id": ONE, "url": "", "alt": "", "name": ""}]
