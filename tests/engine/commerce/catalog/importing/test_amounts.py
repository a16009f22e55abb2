"""Numbers as people write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commerce.catalog.importing.amounts import (
    COMMA,
    POINT,
    Evidence,
    UndecidedError,
    UnreadableError,
    parse,
    written,
)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("12", "12"),
            ("$12.50", "12.50"),
            ("1.299,00 €", "1299"),
            ("1,299.00", "1299"),
            ("1 299,00 kr", "1299"),
            ("1\N{NO-BREAK SPACE}299,5 zł", "1299.5"),
            ("CHF 1\N{RIGHT SINGLE QUOTATION MARK}299.50", "1299.50"),
            ("US$ 5", "5"),
            ("R$ 12,50", "12.5"),
            ("12,-", "12"),
            ("₹ 12,34,567.50", "1234567.5"),
            ("0,250", "0.25"),
            (".5", "0.5"),
            ("-3", "-3"),
            ("\N{MINUS SIGN}3", "-3"),
            ("\u0663\u066b\u0665", "3.5"),
            ("1,299,000", "1299000"),
        ],
    )
    def test_a_number_that_tells_its_own_marks_needs_no_column(self, text, value):
        assert parse(written(text).text, None) == Decimal(value)

    @pytest.mark.parametrize(
        "text", ["", "abc", "1.2E+07", "--1", "1.2.3", "1,2,3", "12 34", "1,299.00.00", "=1+1", "∞", "NaN"]
    )
    def test_what_is_no_number_is_refused(self, text):
        with pytest.raises(UnreadableError):
            parse(written(text).text, None)

    def test_a_thousand_or_a_fraction_is_decided_by_the_column_only(self):
        assert parse("1,299", POINT) == 1299
        assert parse("1,299", COMMA) == Decimal("1.299")
        with pytest.raises(UndecidedError):
            parse("1,299", None)

    @given(st.integers(0, 10**9), st.sampled_from([("{:,.2f}", POINT), ("{:.2f}", POINT)]), st.booleans())
    def test_every_amount_survives_both_ways_of_writing(self, cents, style, european):
        text = style[0].format(Decimal(cents) / 100)
        if european:
            text = text.translate(str.maketrans(",.", ".,"))
        assert parse(text, None) * 100 == cents

    @given(st.text(max_size=30))
    def test_no_text_at_all_breaks_it(self, text):
        with suppress(UnreadableError, UndecidedError):
            parse(written(text).text, None)


class TestEvidence:
    def test_a_column_takes_the_mark_of_its_telling_cells(self):
        evidence = Evidence()
        for cell in ("1.299", "12,50", "7"):
            evidence.note(cell)
        assert evidence.mark() == COMMA

    def test_a_column_written_both_ways_has_none(self):
        evidence = Evidence()
        for cell in ("1,299.00", "1.299,00"):
            evidence.note(cell)
        assert evidence.mark() is None
        assert evidence.disagrees()
