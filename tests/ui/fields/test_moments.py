"""Dates and moments: local time in, UTC out, through the hours that clocks leave out or repeat."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import Invalid
from tests.security.values import TEXTS
from tests.ui.fields.posting import field, form, read, refused
from ui.fields.moments import local_of, offset_of, offsets_at
from ui.fields.parsing import parse, shown, typed

BERLIN = field("datetime", timezone="Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca")


class TestDate:
    def test_it_is_kept_as_it_is(self):
        assert read(field("date"), " 2028-02-29 ") == "2028-02-29"

    @pytest.mark.parametrize(
        "text", ["2026-02-29", "2026-13-01", "01.05.2026", "2026-W01-1", "20260501", "٢٠٢٦-٠١-٠١", *TEXTS]
    )
    def test_what_is_none_is_refused_with_an_example(self, text):
        assert "Write it like 2026-05-01." in refused(field("date"), text)

    def test_empty_is_nothing_unless_it_is_required(self):
        assert read(field("date"), "") is None
        assert refused(field("date", required=True), "") == "This is required."


class TestMoment:
    def test_a_local_time_becomes_utc(self):
        assert read(BERLIN, "2026-05-01T18:00") == "2026-05-01T16:00:00Z"
        assert read(BERLIN, "2026-12-01 18:00") == "2026-12-01T17:00:00Z"

    def test_one_with_an_offset_of_its_own_keeps_it(self):
        assert read(BERLIN, "2026-05-01T18:00Z") == "2026-05-01T18:00:00Z"
        assert read(BERLIN, "2026-05-01T18:00:30.5+09:30") == "2026-05-01T08:30:30.500000Z"

    def test_an_hour_that_clocks_leave_out_is_refused_with_the_next_one(self):
        said = refused(BERLIN, "2026-03-29T02:30")
        assert said == (
            "There is no 2026-03-29 02:30 in Europe/Berlin: the clocks go forward then. Use 2026-03-29 03:30."
        )

    def test_an_hour_that_comes_twice_asks_which(self):
        assert "comes twice in Europe/Berlin" in refused(BERLIN, "2026-10-25T02:30")
        first = parse(BERLIN, form(("it.offset", "+02:00"), it="2026-10-25T02:30"))
        second = parse(BERLIN, form(("it.offset", "+01:00"), it="2026-10-25T02:30"))
        assert (first, second) == ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")

    def test_an_offset_that_the_hour_does_not_have_is_not_taken(self):
        assert "comes twice" in refused(BERLIN, form(("it.offset", "+09:00"), it="2026-10-25T02:30"))
        assert parse(BERLIN, form(("it.offset", "+01:00"), it="2026-05-01T18:00")) == "2026-05-01T16:00:00Z"

    def test_half_an_hour_is_enough_of_a_change(self):
        island = field("datetime", timezone="Australia/Lord_Howe")
        assert [offset for offset, _words in offsets_at("2026-04-05T01:45", "Australia/Lord_Howe")] == [
            "+11:00",
            "+10:30",
        ]
        assert "Use 2026-10-04 02:45." in refused(island, "2026-10-04T02:15")

    @pytest.mark.parametrize(
        "text",
        [
            "2026-05-01",
            "18:00",
            "2026-05-01T25:00",
            "0001-01-01T00:00",
            "9999-12-31T23:59-10:00",
            "2026-W01-1T10",
            *TEXTS,
        ],
    )
    def test_what_is_none_is_refused_with_an_example(self, text):
        assert "Write it like 2026-05-01 18:00." in refused(field("datetime", timezone="Asia/Tokyo"), text)

    def test_what_was_typed_comes_back_with_the_choice(self):
        assert typed(BERLIN, form(("it.offset", "+01:00"), it="2026-10-25T02:30")) == "2026-10-25T02:30+01:00"
        assert typed(BERLIN, form(("it.offset", "+01:00"), it="soon")) == "soon"

    def test_text_and_offset_come_apart(self):
        for text in ("2026-10-25T02:30", "2026-10-25T02:30:15", "2026-10-25T02:30:15.250", "", "soon"):
            assert (local_of(text), offset_of(text)) == (text, "")
        assert (local_of("2026-10-25T02:30:15+01:00"), offset_of("2026-10-25T02:30:15+01:00")) == (
            "2026-10-25T02:30:15",
            "+01:00",
        )
        assert (local_of("2026-10-25T02:30Z"), offset_of("2026-10-25T02:30Z")) == ("2026-10-25T02:30", "Z")

    @given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1)), st.sampled_from(ZONES))
    def test_every_moment_survives_the_form(self, moment, zone):
        view = field("datetime", timezone=zone)
        kept = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
        assert datetime.fromisoformat(read(view, shown(view, kept.isoformat()))) == kept

    @pytest.mark.parametrize("zone", ZONES)
    def test_every_quarter_of_the_days_of_change_survives_the_form(self, zone):
        view = field("datetime", timezone=zone)
        for day in (
            datetime(2026, 3, 8),
            datetime(2026, 3, 29),
            datetime(2026, 4, 5),
            datetime(2026, 10, 25),
            datetime(2026, 11, 1),
        ):
            for quarter in range(-48, 96):
                moment = (day + timedelta(minutes=15 * quarter)).replace(tzinfo=UTC)
                assert datetime.fromisoformat(read(view, shown(view, moment))) == moment

    @given(st.text(max_size=40))
    def test_any_text_is_a_moment_or_refused(self, text):
        try:
            found = read(field("datetime", timezone="America/New_York"), text)
        except Invalid:
            return
        assert found is None or datetime.fromisoformat(found).tzinfo == UTC

    def test_the_reader_sees_the_zone(self):
        local = shown(BERLIN, "2026-05-01T16:00:00Z")
        assert local == "2026-05-01T18:00"
        assert datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin")).utcoffset() == timedelta(hours=2)
