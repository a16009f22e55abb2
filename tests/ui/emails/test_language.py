"""The language of letters: what owners write in it, and what nobody gets out of it."""

import pytest

from engine.api.ports import Ports
from engine.core.errors import Invalid
from engine.messaging.ports import Rendered, Wording
from tests.ui.emails.examples import EXAMPLES
from tests.ui.emails.test_renderer import LENIENT, SITE
from ui.emails.language import MOST_EXPANDED, MOST_WRITTEN, Names, read
from ui.emails.renderer import EmailRenderer

NAMES = Names(frozenset({"name", "number", "note", "items"}), {"items": frozenset({"name", "total"})})


def letter(body: str, subject: str = "", **values: object) -> Rendered:
    contents = {**EXAMPLES["order_received"], **values}
    return LENIENT.render("order_received", contents, SITE, "en", Wording(subject=subject, body=body))


class TestWriting:
    def test_what_is_written_becomes_both_renditions(self) -> None:
        found = letter(
            "# Hi {{ name }}\n\nThank **you** for *{{ number }}*.\n\n- one\n- two\n\n[See it]({{ status_url }})"
        )
        assert "Hi Ada Lindqvist</h1>" in found.html
        assert "Thank <strong>you</strong> for <em>1042</em>." in found.html
        assert found.html.count("<li ") == 2
        assert 'class="button" href="https://shop.example/orders/' in found.html
        assert (
            "Hi Ada Lindqvist\n\nThank you for 1042.\n\n- one\n- two\n\nSee it:\nhttps://shop.example/orders/"
            in found.text
        )

    def test_amounts_times_and_lists_are_written_as_people_write_them(self) -> None:
        found = letter("{{ total }} until {{ pay_until }}", pay_until="2026-06-01T12:10:00+00:00")
        assert "€127.90 until Jun 1, 2026" in found.text
        found = letter("{% for item in items %}\n- {{ item.name }}: {{ item.total }}\n{% endfor %}")
        assert "- Blue mug: €68.00\n- Serving plate" in found.text

    def test_a_box_without_content_and_a_condition_that_is_not_met_are_left_out(self) -> None:
        found = letter("Hello\n\n> A note\n> {{ note }}\n\n{% if reason %}\nBecause {{ reason }}\n{% endif %}", note="")
        assert "A note" not in found.html + found.text
        assert "Because" not in found.html + found.text

    def test_a_link_in_a_line_keeps_its_address_in_plain_text(self) -> None:
        assert "our shop (https://shop.example/)" in letter("Look at [our shop](/) again.").text

    def test_a_subject_is_one_line_without_a_header_of_its_own(self) -> None:
        found = letter("x", "Order {{ number }}\r\nBcc: everyone@example.org\x00", number="1\r\nX-Evil: 1")
        assert "\n" not in found.subject
        assert "\r" not in found.subject

    def test_words_that_are_left_empty_are_those_that_come_with_it(self) -> None:
        assert letter("x").subject == "Your order 1042"


class TestHostile:
    @pytest.mark.parametrize(
        "source",
        [
            "{{ ''.__class__ }}",
            "{{ name.__class__.__mro__ }}",
            "{{ name['__class__'] }}",
            "{{ self }}{{ self.__init__ }}",
            "{{ cycler.__init__.__globals__ }}",
            "{{ name|attr('__class__') }}",
            "{{ name.upper() }}",
            "{{ range(10**9) }}",
            "{{ 9**9**9 }}",
            "{{ 'x' * 10**9 }}",
            "{{ [1] }}",
            "{% set a = 1 %}",
            "{% include 'parts/frame.html' %}",
            "{% import 'os' as os %}",
            "{% macro a() %}{{ a() }}{% endmacro %}",
            "{% for a in range(9) %}{% endfor %}",
            "{% for a in items recursive %}{{ loop(items) }}{% endfor %}",
            "{% for a, b in items %}{% endfor %}",
            "{% for a in items %}{% for b in items %}x{% endfor %}{% endfor %}",
            "{% for a in items %}{{ a.__class__ }}{% endfor %}",
            "{% for a in items %}{{ loop.index }}{% endfor %}",
            "{% for a in name %}{% endfor %}",
            "{% if name is string %}{% endif %}",
            "{% if name() %}{% endif %}",
            "{{ name",
            "{% if name %}",
            "{% endif %}",
            "{% if name %}" * 1000,
            "{% if " + "not " * 4000 + "name %}{% endif %}",
            "{{" + "(" * 4000 + "name" + ")" * 4000 + "}}",
            "x" * (MOST_WRITTEN + 1),
        ],
    )
    def test_what_is_not_of_the_language_is_refused_by_its_line(self, source: str) -> None:
        with pytest.raises(Invalid) as refused:
            read(source, "body", NAMES)
        assert set(refused.value.fields) == {"body"}

    def test_a_name_that_is_not_known_is_told_with_the_one_that_was_meant(self) -> None:
        with pytest.raises(Invalid, match=r"Line 3: “nme” .* Did you mean “name”\?"):
            read("Hello\n\n{{ nme }}", "body", NAMES)

    def test_a_letter_that_grows_without_end_is_stopped(self) -> None:
        items = [{"name": "y" * 300, "quantity": 1, "total": None}] * 5_000
        with pytest.raises(Invalid, match=str(MOST_EXPANDED)):
            letter("{% for item in items %}" + "x" * 10_000 + "{% endfor %}", items=items)

    @pytest.mark.parametrize(
        "written",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,<script>)",
            "[<b>](//evil.example)",
            '[x](https://a.example/"onmouseover="alert(1))',
            "\ue0000\ue001<script>",
        ],
    )
    def test_markup_is_text_and_links_lead_to_pages(self, written: str) -> None:
        html = letter(f"Hello {written} there\n\n{written}").html
        for evil in (
            "<script",
            "<img src=x",
            'href="javascript',
            'href="data',
            'href="//evil',
            '" onmouseover',
            '"onmouse',
        ):
            assert evil not in html

    def test_values_are_never_read_as_markup_or_as_the_language(self) -> None:
        evil = "# [x](https://evil.example) **b** {{ number }} {% if x %} <b>\n> y"
        html = letter("Dear {{ name }}\n\n[Go](https://a.example/{{ name }})", name=evil).html
        assert 'href="https://evil' not in html
        assert "<strong>" not in html
        assert "{{ number }}" in html

    def test_what_needs_no_reader_is_quick(self) -> None:
        for written in ("[" * 9_999, "*" * 9_999, "[](" * 5_000, "**a" * 5_000, "> " * 9_000, "\n#" * 9_000):
            assert letter(written).html


def test_every_message_can_be_checked_as_it_comes(house: Ports) -> None:
    renderer = EmailRenderer(lambda _site: "https://shop.example")
    for offered in house.letters.offered.values():
        renderer.check(offered, renderer.wording(offered.key, "en"), SITE)
        known = {name for name in offered.names if "." not in name} - {"totals"}
        assert known == set(offered.example), offered.key
