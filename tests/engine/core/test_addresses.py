"""Addresses by the rules of their country."""

from typing import Any

import pytest

from engine.core.addresses import Address, checked, countries, form_of, lines_of
from engine.core.errors import Invalid

LONDON = {"name": "Ada", "line1": "10 Downing St", "city": "London", "postal_code": "sw1a 2aa", "country": "gb"}
CHICAGO = {"name": "Ada", "line1": "1 Main", "city": "Chicago", "region": "IL", "postal_code": "60601", "country": "US"}
COUNTRIES = [code for code, _name in countries("en")]


def wrong(values: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        checked(values)
    return {field: str(message) for field, message in refusal.value.fields.items()}


class TestChecked:
    def test_codes_are_written_as_the_post_does(self) -> None:
        address = checked(LONDON)
        assert (address.postal_code, address.country, address.region) == ("SW1A 2AA", "GB", "")

    @pytest.mark.parametrize("region", ["IL", "il", "Illinois", " illinois "])
    def test_a_region_is_known_by_its_code_or_its_name(self, region: str) -> None:
        assert checked({**CHICAGO, "region": region}).region == "IL"

    def test_accents_and_wide_digits_do_not_matter(self) -> None:
        values = {
            "name": "A",
            "line1": "1",
            "city": "B",
            "region": "amapa",
            "postal_code": "６８９００-000",
            "country": "BR",
        }
        address = checked(values)
        assert (address.region, address.postal_code) == ("AP", "68900-000")

    def test_each_missing_part_is_named(self) -> None:
        assert wrong({"country": "US"}) == {
            "name": "Enter the name of who receives it.",
            "line1": "Enter the street and house number.",
            "city": "Enter the town or city.",
            "region": "State is needed here.",
            "postalCode": "ZIP code is needed here, such as 95014.",
        }

    def test_parts_that_a_country_does_not_use_are_not_asked_for(self) -> None:
        values = {"name": "A", "line1": "1 Queen’s Road", "region": "Kowloon", "country": "HK"}
        assert checked(values).postal_code == ""

    @pytest.mark.parametrize("code", ["1", "1234", "ABCDE", "60601-", "60601 OR 1=1"])
    def test_a_postal_code_of_another_form_is_refused(self, code: str) -> None:
        assert wrong({**CHICAGO, "postal_code": code}) == {
            "postalCode": f"“{code}” is not a ZIP code. Write it like 95014."
        }

    @pytest.mark.parametrize("country", ["", "XX", "ZZ", "USA", "../../etc/passwd", "🏴"])
    def test_what_is_no_country_is_refused(self, country: str) -> None:
        assert "country" in wrong({**CHICAGO, "country": country})

    def test_a_phone_number_is_written_so_that_anybody_can_call_it(self) -> None:
        assert checked({**CHICAGO, "phone": "(312) 555-0142"}).phone == "+1 312-555-0142"
        assert checked({**LONDON, "phone": "020 7946 0958"}).phone == "+44 20 7946 0958"

    @pytest.mark.parametrize("phone", ["555-0100", "+1 555 0100", "0171 123"])
    def test_a_number_that_could_be_one_is_kept_as_typed(self, phone: str) -> None:
        assert checked({**CHICAGO, "phone": phone}).phone == phone

    @pytest.mark.parametrize("phone", ["call me", "<script>", "1"])
    def test_what_is_no_number_is_refused(self, phone: str) -> None:
        assert list(wrong({**CHICAGO, "phone": phone})) == ["phone"]

    def test_a_long_line_is_refused(self) -> None:
        assert list(wrong({**CHICAGO, "line2": "x" * 201})) == ["line2"]

    def test_a_name_cannot_break_a_header_or_turn_the_page(self) -> None:
        assert checked({**CHICAGO, "name": "Ada\r\nBcc: all\u202e\x00"}).name == "Ada Bcc: all"

    @pytest.mark.parametrize("country", COUNTRIES)
    def test_every_countrys_own_example_is_good_there(self, country: str) -> None:
        form = form_of(country)
        region = form.regions[0][0] if form.regions else "Somewhere"
        values = {"name": "A", "line1": "1", "city": "B", "region": region, "postal_code": form.postal_example}
        address = checked({**values, "country": country})
        assert lines_of(address, "en")[-1] != country


class TestLines:
    def test_are_in_the_order_of_the_country(self) -> None:
        assert lines_of(checked(CHICAGO), "de") == ["Ada", "1 Main", "CHICAGO, IL 60601", "Vereinigte Staaten"]

    def test_lose_nothing_that_was_typed(self) -> None:
        address = Address("山田", "千代田1-1", "2F", "千代田区", "東京都", "100-0001", "JP", "")
        text = "\n".join(lines_of(address, "en"))
        assert all(part in text for part in ("山田", "千代田1-1", "2F", "千代田区", "東京都", "100-0001"))
