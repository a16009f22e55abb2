"""E-mails: every template writes both renditions, with whole links, in the site's name and colours."""

import pytest

from engine.api.ports import Ports
from engine.core.domain import EmailTemplate
from engine.core.errors import NotFound
from engine.core.settings import Site
from engine.core.site import General, Theme
from engine.messaging.ports import Rendered
from tests.ui.emails.examples import EXAMPLES
from ui.emails.renderer import EmailRenderer

SITE = Site(
    general=General(site_name="Kiln & Löam", contact_email="hi@kiln.example"), theme=Theme(accent_color="#aa3366")
)
STRICT = EmailRenderer(lambda _site: "https://shop.example/", is_strict=True)
LENIENT = EmailRenderer(lambda _site: "https://shop.example")


def rendered(key: str, **values: object) -> Rendered:
    return STRICT.render(key, {**EXAMPLES[key], **values}, SITE, "en")


@pytest.mark.parametrize("key", EXAMPLES)
class TestEveryMessage:
    def test_it_names_the_site_and_links_to_it_whole(self, key: str) -> None:
        message = rendered(key)
        assert message.subject
        assert "Kiln &amp; Löam" in message.html
        assert "Kiln & Löam" in message.text
        assert 'href="/' not in message.html
        assert "https://shop.example" in message.text
        assert "<" not in message.text

    def test_it_survives_values_that_are_missing(self, key: str) -> None:
        needed = {k: v for k, v in EXAMPLES[key].items() if k in ("number", "items", "subtotal", "total", "url")}
        assert LENIENT.render(key, needed, SITE, "en").html

    def test_dark_and_light_take_the_accent(self, key: str) -> None:
        html = rendered(key).html
        assert "#aa3366" in html
        assert "prefers-color-scheme: dark" in html


class TestRender:
    def test_every_template_that_a_domain_offers_is_there_and_complete(self, house: Ports) -> None:
        offered: list[EmailTemplate] = [t for domain in house.domains for t in domain.email_templates]
        assert {template.key for template in offered} == set(EXAMPLES)
        for template in offered:
            assert STRICT.render(template.key, template.example, SITE, "en").subject
            assert set(template.example) == set(EXAMPLES[template.key])

    def test_links_that_are_no_links_lead_home(self) -> None:
        for url in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "vbscript:x"):
            message = rendered("password_reset", url=url)
            assert "evil" not in message.html + message.text
            assert "javascript:" not in message.html

    def test_values_are_text(self) -> None:
        message = rendered("order_received", name="<script>x</script>{{ 7*7 }}", note="{% raw %}\n<b>")
        assert "<script>" not in message.html
        assert "{{ 7*7 }}" in message.html
        assert "&lt;b&gt;" in message.html

    def test_a_subject_is_one_line(self) -> None:
        assert rendered("order_received", number="1\r\nBcc: x@y.z").subject == "Your order 1 Bcc: x@y.z"

    def test_money_is_written_as_the_language_does(self) -> None:
        message = STRICT.render("order_received", EXAMPLES["order_received"], SITE, "de")
        assert "127,90\xa0€" in message.text

    def test_a_language_from_the_right_runs_from_the_right(self) -> None:
        assert 'dir="rtl"' in STRICT.render("test", EXAMPLES["test"], SITE, "ar").html

    @pytest.mark.parametrize("key", ["nope", "../../../etc/passwd", "parts/html", "_order"])
    def test_what_is_no_message_is_not_found(self, key: str) -> None:
        with pytest.raises(NotFound):
            STRICT.render(key, {}, SITE, "en")


def test_each_answer_of_a_form_stands_on_a_line_of_its_own() -> None:
    lines = rendered("form_notice").text.splitlines()
    assert "- Name: Ada Lindqvist" in lines
    assert "- Message: Do you deliver?" in lines
