"""Numbers and amounts as people type them in their language, and shown so that they read the same again."""

from decimal import Decimal
from itertools import product

import pytest
from babel import localedata
from babel.numbers import get_decimal_symbol, get_minus_sign_symbol
from hypothesis import given
from hypothesis import strategies as st

from engine.core.money import MAX_MINOR, Money
from tests.security.values import TEXTS
from tests.ui.fields.posting import attempted, field, form, read, refused
from ui.fields.numbers import number_in
from ui.fields.parsing import parse, shown, typed

#: One of every way to write a decimal mark and a minus, of the hundreds of languages that Babel knows.
LOCALES = sorted(
    {
        (get_decimal_symbol(one), get_minus_sign_symbol(one)): one for one in sorted(localedata.locale_identifiers())
    }.values()
)
CURRENCIES = ("EUR", "USD", "JPY", "KWD", "CLF", "CHF", "ISK", "TND")


class TestNumber:
    @pytest.mark.parametrize(
        ("text", "locale", "value"),
        [
            ("12", "en", "12"),
            (" 1,299 ", "en", "1299"),
            ("1,299.50", "en", "1299.50"),
            ("1.299,50", "de", "1299.50"),
            ("1.299,50", "en", "1299.50"),
            ("1.299", "de", "1299"),
            ("1.299", "en", "1.299"),
            ("1,299", "de", "1.299"),
            ("0,125", "en", "0.125"),
            ("12,5", "en", "12.5"),
            ("12.5", "de", "12.5"),
            ("12,34,567", "en-IN", "1234567"),
            ("1.234.567", "en", "1234567"),
            ("1\u202f299,5", "fr", "1299.5"),
            ("1’299.5", "de-CH", "1299.5"),
            ("٣٫١٤", "ar", "3.14"),
            ("١٬٢٣٤", "fa", "1234"),
            ("−5", "sv", "-5"),
            ("\u200e-5", "he", "-5"),
            ("+7", "en", "7"),
            (".5", "en", "0.5"),
            ("5.", "en", "5"),
        ],
    )
    def test_it_is_read_as_its_language_writes_it(self, text, locale, value):
        assert number_in(text, locale) == Decimal(value)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "x",
            "1.2.3",
            "1,2.5",
            "1e9",
            "NaN",
            "Infinity",
            "--1",
            "1-",
            "0x1f",
            "½",
            "1_000",
            "1,,000",
            "9" * 40,
            ".",
        ],
    )
    @pytest.mark.parametrize("locale", ["en", "de"])
    def test_what_is_none_is_never_guessed(self, text, locale):
        assert number_in(text, locale) is None

    @given(st.text(max_size=30), st.sampled_from(("en", "de", "fa", "hi", "sv")))
    def test_any_text_is_a_number_or_none(self, text, locale):
        assert number_in(text, locale) is None or number_in(text, locale).is_finite()

    def test_a_whole_number_has_no_fraction(self):
        assert read(field("number"), "12.0") == 12
        assert refused(field("number"), "12.5") == "“12.5” is not a whole number. Write it like 12."

    def test_limits_are_told_with_the_value(self):
        view = field("number", minimum=1, maximum=10)
        assert refused(view, "0") == "“0” is too small: it must be at least 1."
        assert refused(view, "11") == "“11” is too large: it must be at most 10."
        assert "9007199254740991" in refused(field("number"), "99999999999999999999")

    def test_empty_is_nothing_unless_it_is_required(self):
        assert read(field("number"), " ") is None
        assert refused(field("number", required=True), " ") == "This is required."

    @pytest.mark.parametrize("text", [*TEXTS, "9" * 5_000, "\ud800", "1\x00"])
    @pytest.mark.parametrize("widget", ["number", "decimal", "money"])
    def test_hostile_texts_are_refused_in_a_short_sentence_or_read(self, widget, text):
        said = attempted(field(widget, currency="EUR"), form(it=text))
        assert all(len(str(words)) < 150 and str(words).encode() for words in said.values())


class TestDecimal:
    def test_it_comes_back_exactly_with_a_point(self):
        assert read(field("decimal"), "0,10", locale="de") == "0.10"
        assert read(field("decimal"), "-0.000000001") == "-0.000000001"
        assert read(field("decimal", suffix="%"), "19 %") == "19"

    def test_it_names_how_the_language_writes_one(self):
        assert refused(field("decimal"), "viel", locale="de") == "“viel” is not a number. Write it like 12,5."

    def test_steps_are_kept(self):
        assert refused(field("decimal", step=Decimal("0.01")), "1.005") == "“1.005” is too exact: use steps of 0.01."

    def test_what_a_form_shows_reads_the_same_in_every_language(self):
        view = field("decimal")
        for locale, value in product(LOCALES, ("0", "0.125", "1234.567", "-12.5", "1000", "123456.789")):
            assert Decimal(read(view, shown(view, value, locale), locale=locale)) == Decimal(value), locale

    @given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
    def test_any_number_survives_the_form(self, value):
        for locale in ("en", "de", "fr", "fa"):
            view = field("decimal")
            assert Decimal(read(view, shown(view, str(value), locale), locale=locale)) == value


class TestMoney:
    @pytest.mark.parametrize(
        ("text", "currency", "minor"),
        [
            ("12.50", "EUR", 1250),
            ("12,50", "EUR", 1250),
            ("€ 1.299,00", "EUR", 129_900),
            ("1250", "JPY", 1250),
            ("1,250", "JPY", 1250),
            ("1.250", "KWD", 1250),
            ("٣٫١٤", "EUR", 314),
            ("0", "EUR", 0),
        ],
    )
    def test_it_is_an_amount_in_minor_units(self, text, currency, minor):
        assert read(field("money", currency=currency), text) == {"amount": minor, "currency": currency}

    @pytest.mark.parametrize(
        ("text", "currency"), [("12.5", "JPY"), ("1.005", "USD1"), ("-1", "EUR"), ("12.345", "XXQ")]
    )
    def test_what_the_currency_cannot_hold_is_refused(self, text, currency):
        assert text in refused(field("money", currency=currency), text) or "currency" in refused(
            field("money", currency=currency), text
        )

    def test_the_currency_is_chosen_where_the_field_has_none(self):
        view = field("money")
        assert parse(view, form(("it.currency", "jpy"), it="5")) == {"amount": 5, "currency": "JPY"}
        assert "“ZZZ” is not a currency" in refused(view, form(("it.currency", "ZZZ"), it="5"))
        assert typed(view, form(("it.currency", "JPY"), it="5x")) == {"amount": "5x", "currency": "JPY"}

    def test_limits_are_told_as_money(self):
        assert "€1.00" in refused(field("money", currency="EUR", minimum=100), "0.50")

    def test_more_than_can_be_counted_is_refused(self):
        assert "Enter a smaller amount" in refused(field("money", currency="EUR"), "99999999999999")

    def test_empty_is_nothing(self):
        assert read(field("money", currency="EUR"), "") is None

    @pytest.mark.parametrize("currency", CURRENCIES)
    def test_what_a_form_shows_reads_the_same_in_every_language(self, currency):
        view = field("money", currency=currency)
        for locale, minor in product(LOCALES, (0, 5, 1_234_567, MAX_MINOR)):
            amount = {"amount": minor, "currency": currency}
            assert read(view, shown(view, amount, locale)["amount"], locale=locale) == amount, locale

    def test_a_money_and_minor_units_are_shown_alike(self):
        view = field("money", currency="EUR")
        assert (
            shown(view, Money(1250, "EUR"), "de") == shown(view, 1250, "de") == {"amount": "12,50", "currency": "EUR"}
        )
        assert shown(view, None) == {"amount": "", "currency": "EUR"}
