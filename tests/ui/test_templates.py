"""What templates rely on: words and numbers in the reader's language, blocks alone, nothing undefined, all escaped."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from engine.core.i18n import _
from engine.core.money import Money
from ui.assets import FOLDER
from ui.charts import Point, bar_chart
from ui.components.preview import ADMIN, samples
from ui.formats import Formats
from ui.markup import dom_id
from ui.page import Link, NavSection, PageContext
from ui.templates import environment, render, render_block

built = pytest.mark.skipif(not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui")
NASTY = "<script>alert(1)</script>\"' onload=x"


def draw(source: str, locale: str = "en", timezone: str = "UTC", **values: object) -> str:
    return environment(locale, timezone).from_string(source).render(**values)


@built
class TestRender:
    def test_a_name_that_is_not_in_the_context_is_an_error(self):
        @dataclass(frozen=True)
        class Empty:
            pass

        with pytest.raises(UndefinedError, match="status"):
            render("plain/error.html", Empty(), ADMIN)

    def test_a_block_comes_without_the_frame_around_it(self):
        block = render_block("components/samples/list.html", "content", samples(), ADMIN)
        assert "#1042" in block
        assert "<html" not in block
        assert "sidebar" not in block

    def test_a_block_that_is_not_there_lists_those_that_are(self):
        with pytest.raises(KeyError, match="content"):
            render_block("components/samples/list.html", "rows", samples(), ADMIN)

    def test_the_link_to_this_page_is_marked(self):
        html = render("components/samples/list.html", samples(), ADMIN)
        assert html.count('href="/admin/orders" title="Orders" aria-current="page"') == 2

    def test_what_people_typed_cannot_leave_its_place(self):
        nav = (NavSection((Link(NASTY, NASTY, "tag"),), NASTY),)
        page = PageContext(title=NASTY, description=NASTY, site_name=NASTY, surface="admin", nav=nav)
        html = render("components/samples/home.html", samples(), page)
        assert "<script>alert" not in html
        assert "\"' onload" not in html

    def test_attributes_are_written_one_by_one_as_they_are_all_together(self):
        values = {"a": NASTY, "b": None, "c": False, "d": True, "e": 0, "f": "", "g": _("Cart"), "h": Markup("<&>")}
        one_by_one = "{{ {" + ", ".join(f'"{name}": v.{name}' for name in values) + "}|attributes }}"
        assert draw(one_by_one, v=values) == draw("{{ v|attributes }}", v=values)
        with pytest.raises(ValueError, match="onclick"):
            draw('{{ {"onclick": v}|attributes }}', v="go()")

    def test_a_macro_is_called_in_every_way(self):
        macro = "{% macro m(a, b=2, c=none) %}{{ a }}{{ b }}{{ c }}{% if caller is defined %}{{ caller() }}{% endif %}"
        macro += "{% endmacro %}"
        calls = {
            '{{ m("<", c=3) }}': "&lt;23",
            '{{ m(b=1, a="x", c="y") }}': "x1y",
            '{{ m(*["p", "q"]) }}': "pqNone",
            '{% call m("z") %}&amp;{% endcall %}': "z2None&amp;",
        }
        assert {call: draw(macro + call) for call in calls} == calls
        for call, what in {
            "m()": "a",
            "m(1, 2, 3, 4)": "3 positional argument",
            "m(1, d=2)": "'d'",
            "m(1, a=2)": "'a'",
        }.items():
            with pytest.raises((TypeError, UndefinedError), match=what):
                draw(f"{macro}{{{{ {call} }}}}")

    def test_a_component_escapes_what_it_is_given(self):
        html = draw(
            '{{ ui.field("a", nasty, value=nasty, help=nasty, error=nasty, placeholder=nasty) }}'
            "{{ ui.badge(nasty) }}{{ ui.empty_state('box', nasty, nasty, nasty, nasty) }}"
            "{{ ui.cell(nasty, label=nasty) }}{{ ui.toast(nasty) }}{{ ui.breadcrumbs([(nasty, nasty)]) }}",
            nasty=NASTY,
        )
        assert "<script>" not in html
        assert "\"' onload" not in html

    def test_what_was_typed_into_a_field_comes_back_but_a_password_does_not(self):
        assert 'value="0"' in draw('{{ ui.field("stock", "Stock", "number", value=0) }}')
        assert "hunter2" not in draw('{{ ui.field("password", "Password", "password", value="hunter2") }}')
        assert ">\n  <b>" not in draw('{{ ui.field("text", "Text", "textarea", value="  <b>") }}')
        assert ">\n  &lt;b&gt;</textarea>" in draw('{{ ui.field("text", "Text", "textarea", value="  <b>") }}')

    def test_an_error_is_tied_to_its_field(self):
        html = draw('{{ ui.field("email", "E-mail", error="Write it like ada@example.com.") }}')
        assert 'aria-invalid="true"' in html
        assert 'aria-describedby="field-email-error"' in html

    def test_the_chosen_option_is_selected_whatever_its_type(self):
        html = draw('{{ ui.field("n", "N", "select", value=2, options=[("1", "One"), ("2", "Two")]) }}')
        assert '<option value="2" selected>' in html

    @pytest.mark.parametrize("name", ["style", "onclick", "STYLE", "a b", "x>"])
    def test_attributes_that_the_policy_forbids_are_refused(self, name):
        with pytest.raises(ValueError, match="not allowed"):
            draw("{{ {name: 1}|attributes }}", name=name)

    def test_an_icon_that_is_not_in_the_sprite_says_where_to_add_it(self):
        with pytest.raises(ValueError, match=r"icons\.json"):
            draw('{{ icon("unicorn") }}')


class TestWords:
    def test_a_message_of_the_engine_is_printed_with_its_values(self):
        assert draw("{{ m }}", m=_("Only {left} are left.").having(left=2)) == "Only 2 are left."

    def test_values_in_words_are_escaped(self):
        assert draw('{{ _("Hello {name}", name=name) }}', name="<b>") == "Hello &lt;b&gt;"

    def test_a_number_chooses_its_form(self):
        source = '{{ ngettext("{count} item", "{count} items", n) }}'
        assert (draw(source, n=1), draw(source, n=3)) == ("1 item", "3 items")


class TestFormats:
    moment = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)

    def test_money_is_written_as_the_language_writes_it(self):
        assert Formats.of("en", "UTC").money(Money(129_900, "USD")) == "$1,299.00"
        assert Formats.of("de", "UTC").money(129_900, "EUR") == "1.299,00\xa0€"
        assert Formats.of("ja", "UTC").money(1_299, "JPY") == "￥1,299"

    def test_time_is_told_in_the_readers_zone(self):
        assert Formats.of("en-GB", "Europe/Berlin").moment(self.moment).startswith("30 Mar 2026")
        assert Formats.of("en-GB", "UTC").day(self.moment) == "29 Mar 2026"
        assert Formats.of("en-GB", "Europe/Berlin").day(date(2026, 3, 29)) == "29 Mar 2026"

    def test_how_long_ago(self):
        formats = Formats.of("en", "UTC")
        assert formats.relative_time(self.moment, self.moment + timedelta(hours=3)) == "3 hours ago"
        assert formats.relative_time(self.moment, self.moment - timedelta(days=2)) == "in 2 days"

    @pytest.mark.parametrize(
        ("octets", "words"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (12_345_678, "12.3 MB")]
    )
    def test_sizes(self, octets, words):
        assert Formats.of("en", "UTC").filesize(octets) == words


class TestDomId:
    def test_it_is_made_of_prefix_noun_and_id(self):
        class OrderLine(SimpleNamespace):
            pass

        assert dom_id(OrderLine(id="7"), "row") == "row-order-line-7"
        assert dom_id(OrderLine(id="7")) == "order-line-7"


class TestIsAt:
    def test_a_page_belongs_to_its_section_and_the_start_only_to_itself(self):
        page = PageContext(title="x", path="/admin/orders/7")
        assert page.is_at("/admin/orders")
        assert not page.is_at("/admin")
        assert not page.is_at("/admin/order")
        assert PageContext(title="x", path="/").is_at("/")


class TestBarChart:
    def test_nothing_sold_draws_nothing_and_does_not_divide_by_zero(self):
        chart = bar_chart([Point("Mon", 0), Point("Tue", 0)])
        assert [bar.height for bar in chart.bars] == [0, 0]
        assert chart.peak is None

    def test_no_points_is_an_empty_drawing(self):
        assert bar_chart([]).bars == []

    def test_bars_stay_inside_the_drawing_and_the_table_says_the_same(self):
        chart = bar_chart([Point("Mon", 7, 12), Point("Tue", 19, 3)], lambda number: f"{number} €")
        assert all(bar.y >= 0 and bar.y + bar.height == chart.base for bar in chart.bars)
        assert chart.table == [("Mon", "7 €", "12 €"), ("Tue", "19 €", "3 €")]
        assert len(chart.previous) == 1
