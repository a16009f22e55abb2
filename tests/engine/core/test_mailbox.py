"""E-mail addresses in their one form."""

import pytest

from engine.core.errors import Invalid
from engine.core.mailbox import normal_email, typed_email


class TestNormalEmail:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            (" Ada@Example.ORG ", "ada@example.org"),
            ("ada+shop@example.org", "ada+shop@example.org"),
            ("info@xn--bcher-kva.example", "info@bücher.example"),
            ("till@shop.local", "till@shop.local"),
            ("till@localhost", "till@localhost"),
        ],
    )
    def test_an_address_has_one_form(self, typed: str, kept: str) -> None:
        assert normal_email(typed) == typed_email(typed) == kept
        assert normal_email(kept) == kept

    @pytest.mark.parametrize(
        "typed",
        ["", "ada", "ada@", "@example.org", "a b@example.org", "ada@exa\nmple.org", "ada@example.org\r\nBcc: x"],
    )
    def test_what_is_none_is_refused_by_field(self, typed: str) -> None:
        with pytest.raises(Invalid) as refusal:
            normal_email(typed, "owner.email")
        assert list(refusal.value.fields) == ["owner.email"]

    def test_what_is_typed_to_sign_in_never_raises(self) -> None:
        assert typed_email("<script>\x00 " + "x" * 400)
