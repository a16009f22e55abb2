"""An address's own fields, once its country is known."""

from tests.security.values import TEXTS

WHERE = "/admin/fields/address"
ASKED = {"HX-Request": "true"}


class TestAddressFields:
    async def test_a_country_brings_its_own_fields_and_keeps_what_was_typed(self, at_owner):
        asked = {"field": "billing", "label": "Billing", "required": "true"}
        typed = {"billing.country": "US", "billing.city": "Boston", "billing.postalCode": "02108"}
        answer = await at_owner.get(WHERE, params={**asked, **typed}, headers=ASKED)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert "ZIP code" in answer.text
        assert '<option value="MA">Massachusetts</option>' in answer.text
        assert 'value="Boston"' in answer.text
        assert 'name="billing.postalCode"' in answer.text

    async def test_a_country_without_postal_codes_asks_for_none(self, at_owner):
        answer = await at_owner.get(WHERE, params={"field": "a", "a.country": "AE"}, headers=ASKED)
        assert 'name="a.postalCode"' not in answer.text

    async def test_hostile_texts_stay_in_their_places(self, at_owner):
        for text in TEXTS:
            asked = {"field": text, "label": text, f"{text}.country": text, f"{text}.line1": text}
            answer = await at_owner.get(WHERE, params=asked, headers=ASKED)
            assert answer.status_code == 200
            assert "<script>window" not in answer.text
            assert "<img src=x" not in answer.text

    async def test_strangers_do_not_see_it(self, client, owner):
        answer = await client.get(WHERE, params={"field": "a"}, headers={"Accept": "text/html"})
        assert answer.status_code in (303, 401)
