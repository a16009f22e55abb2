"""Text of every sort: cleaned, limited, refused with a remedy."""

import pytest

from engine.core.errors import Invalid
from engine.core.html import clean_html, text_of
from tests.security.values import MARKUP, TEXTS, samples
from tests.ui.fields.posting import attempted, field, form, read, refused
from ui.fields import FieldView
from ui.fields.parsing import KINDS, parse_all, shown, typed


class TestText:
    def test_a_line_is_a_line(self):
        assert read(field("text"), "  Blue\r\n mug\x00\u202e ") == "Blue mug"

    def test_paragraphs_keep_their_breaks(self):
        assert read(field("textarea"), "One\r\n\r\n  two ") == "One\n\n  two"

    def test_empty_is_null_only_where_the_column_may_be(self):
        assert read(field("text"), " ") == ""
        assert read(field("text", nullable=True), " ") is None
        assert refused(field("text", required=True), " ") == "This is required."

    def test_what_is_too_long_is_quoted_short(self):
        said = refused(field("text", max_length=50), "x" * 5_000)
        assert said == f"“{'x' * 39}…” is too long: use at most 50 characters."

    def test_what_was_typed_comes_back_as_it_was(self):
        assert typed(field("text"), form(it="  <b>\r\n")) == "  <b>\n"


class TestRichText:
    def test_what_runs_is_left_out_and_the_rest_kept(self):
        html = (
            '<h2>Clay</h2><p>A <strong>bold</strong> <a href="https://a.example" rel="noopener noreferrer">cup</a></p>'
        )
        assert read(field("richtext"), html + "<script>x()</script>") == html

    def test_text_without_tags_becomes_paragraphs(self):
        assert read(field("richtext"), "One\ntwo\n\nthree & 4 < 5") == "<p>One<br>two</p>\n<p>three &amp; 4 &lt; 5</p>"

    def test_a_form_without_scripts_shows_paragraphs_as_text(self):
        view = field("richtext")
        assert shown(view, "<p>One<br>two</p>\n<p>three &amp; 4</p>") == "One\ntwo\n\nthree & 4"
        assert shown(view, "<h2>A</h2>") == "<h2>A</h2>"

    @pytest.mark.parametrize("text", TEXTS)
    def test_hostile_texts_come_out_safe_and_stay_so(self, text):
        once = read(field("richtext"), text)
        assert clean_html(once) == once
        kept = read(field("richtext"), shown(field("richtext"), once))
        assert text_of(kept) == text_of(once)
        assert read(field("richtext"), shown(field("richtext"), kept)) == kept

    @pytest.mark.parametrize(
        "stored", ["<p>&lt;b&gt; is a tag</p>", "&lt;b&gt; is a tag", "5 &lt; 6 &amp; 7", "<p>a&lt;br&gt;b</p>"]
    )
    def test_what_looks_like_a_tag_stays_the_text_it_was(self, stored):
        kept = read(field("richtext"), shown(field("richtext"), stored))
        assert kept in (stored, f"<p>{stored}</p>")


class TestAddresses:
    @pytest.mark.parametrize(
        "text", ["https://a.example/x?y=1#z", "http://localhost:8000", "/products/mug", "https://münchen.example/ä"]
    )
    def test_an_address_of_the_web_or_the_site_is_taken(self, text):
        assert read(field("url"), text) == text

    @pytest.mark.parametrize(
        "text",
        [
            "javascript:alert(1)",
            "//evil.example",
            "/\\evil.example",
            "a.example",
            "https://",
            "ftp://a",
            "https://[",
            "http://a b",
        ],
    )
    def test_others_are_refused(self, text):
        assert "Write it like https://example.org/page." in refused(field("url"), text)

    def test_an_email_address(self):
        assert read(field("email"), " Ada@Example.org ") == "ada@example.org"
        assert "“ada@” is not an e-mail address" in refused(field("email"), "ada@")

    def test_a_phone_number(self):
        assert read(field("tel"), "+44 20 7946 0958") == "+44 20 7946 0958"
        assert "Write it like" in refused(field("tel"), "call me")

    @pytest.mark.parametrize(
        ("text", "value"), [("blue-mug", "blue-mug"), ("/products/blue-mug/", "blue-mug"), ("", "")]
    )
    def test_a_slug(self, text, value):
        assert read(field("slug", prefix="/products/"), text) == value

    def test_a_slug_that_is_none_is_offered_as_one(self):
        assert refused(field("slug"), "Blaue Tasse!") == "“Blaue Tasse!” cannot be an address. Use “blaue-tasse”."


class TestColour:
    @pytest.mark.parametrize(
        ("text", "value"), [("#0F6B70", "#0f6b70"), ("0fb", "#00ffbb"), (" #0fb ", "#00ffbb"), ("", "")]
    )
    def test_it_is_six_digits(self, text, value):
        assert read(field("colour"), text) == value

    @pytest.mark.parametrize("text", ["red", "#12", "#12345g", "rgb(0,0,0)", "#0000000", "url(x)", *TEXTS])
    def test_what_is_none_is_refused(self, text):
        assert "Write it like #0f6b70." in refused(field("colour"), text)


class TestSecret:
    def test_empty_keeps_what_there_is(self):
        assert read(field("secret"), "") is None

    def test_it_is_taken_as_it_is_typed(self):
        assert read(field("secret"), " s3cret  x ") == " s3cret  x "

    def test_the_dots_that_hide_it_are_no_secret(self):
        assert "Type the whole secret" in refused(field("secret"), "sk_test••••1234")

    def test_it_never_travels_back(self):
        assert typed(field("secret"), form(it="hunter2")) == ""
        assert shown(field("secret"), "sk_test••••1234") == "sk_test••••1234"
        assert shown(field("secret"), "hunter2") == "••••"


class TestAll:
    def test_every_wrong_field_is_named_at_once(self):
        views = [field("text", required=True), FieldView("count", "Count", "number")]
        with pytest.raises(Invalid) as caught:
            parse_all(views, form(it="", count="x"))
        assert list(caught.value.fields) == ["it", "count"]

    @pytest.mark.parametrize("widget", KINDS)
    def test_no_sample_of_the_security_folder_breaks_a_widget(self, widget):
        view = field(widget, currency="EUR", rows=(field("text"),), options=(("a", "A"),))
        for text in samples(*MARKUP):
            data = form(("it.country", text), ("it.line1", text), ("it.0.it", text), it=text)
            typed(view, data)
            said = attempted(view, data)
            assert all(name == "it" or name.startswith("it.") for name in said)
