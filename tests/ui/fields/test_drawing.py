"""Every widget draws itself: with nothing, with something, with what is hostile, refused and locked."""

import re
from pathlib import Path

import pytest

from engine.core.resource import Widget
from tests.security.values import TEXTS
from tests.ui.fields.posting import form
from ui.assets import FOLDER
from ui.fields import FieldView
from ui.fields.parsing import KINDS, shown, typed
from ui.templates import environment

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"
)
COLUMNS = (FieldView("title", "Title", "text"), FieldView("count", "Count", "number"))
OPTIONS = (("a", "Apple"), ("b", "Pear"))


def view(widget: str, **more: object) -> FieldView:
    given = {"options": OPTIONS if widget == "choice" else (), "rows": COLUMNS, "currency": "EUR", **more}
    return FieldView("it", "It", widget, **given)


@pytest.mark.parametrize("widget", KINDS)
class TestEveryWidget:
    def test_it_has_its_three_templates(self, widget):
        assert {path.stem for path in Path("ui/fields", widget).glob("*.html")} >= {"form", "show", "cell"}

    @pytest.mark.parametrize("locale", ["en", "ar"])
    def test_nothing_is_drawn_as_nothing(self, widget, locale):
        widgets = environment(locale, "UTC").globals["widget"]
        for html in (widgets.show(None, view(widget)), widgets.cell(None, view(widget))):
            assert not re.search(r"\b(None|null)\b", html)

    def test_label_help_and_error_belong_to_the_control(self, widget):
        if widget == "changes":
            return  # only ever shown
        html = (
            environment("en", "UTC")
            .globals["widget"]
            .form(view(widget, help="Helpful words.", required=True), shown(view(widget), None), {"it": "It is wrong."})
        )
        ids = set(re.findall(r'\sid="([^"]+)"', html))
        assert "Helpful words." in html
        assert "It is wrong." in html
        assert "field-it" in ids or 'for="field-it"' in html
        named = re.findall(r'\s(?:for|aria-describedby|aria-labelledby|aria-controls)="([^"]+)"', html)
        assert {one for names in named for one in names.split() if "__" not in one} <= ids

    def test_what_is_locked_cannot_be_changed(self, widget):
        html = environment("en", "UTC").globals["widget"].form(view(widget), shown(view(widget), None), disabled=True)
        controls = re.findall(r"<(?:input|select|textarea)\b[^>]*>", html)
        open_ones = [one for one in controls if " disabled" not in one and 'type="hidden"' not in one]
        assert [one for one in open_ones if ' name="' in one and 'type="checkbox" name="it" value=""' not in one] == []

    @pytest.mark.parametrize("options", [OPTIONS, ()])
    def test_several_that_are_locked_are_shown_only(self, widget, options):
        own = view(widget, multiple=True, options=options)
        html = environment("en", "UTC").globals["widget"].form(own, shown(own, None), disabled=True)
        assert not re.search(r'<input[^>]*type="(checkbox|radio)"(?![^>]*disabled)[^>]*name="it" value="[^"]', html)

    def test_hostile_texts_stay_in_their_places(self, widget):
        widgets = environment("en", "UTC").globals["widget"]
        own = view(widget, search_url="/x" if widget == "relation" else "", currency="")
        for text in TEXTS:
            sent = form(("it.country", text), ("it.line1", text), ("it.currency", text), ("it.0.title", text), it=text)
            html = widgets.form(own, typed(own, sent), {"it": text})
            assert "<script>window" not in html
            assert "<img src=x" not in html
            assert '" onfocus' not in html


class TestKinds:
    def test_every_widget_that_a_resource_can_name_is_there(self):
        assert {one.value for one in Widget} <= set(KINDS)
