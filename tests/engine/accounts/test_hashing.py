"""Passwords: what is taken, and how they are kept."""

import pytest

from engine.accounts.hashing import ROUNDS, Passwords, check_new
from engine.core.errors import Invalid

passwords = Passwords(rounds=4)


class TestHash:
    async def test_the_cost_is_in_the_hash_and_is_twelve_by_default(self) -> None:
        assert (await passwords.hash("a quiet kettle")).startswith("$2b$04$")
        assert ROUNDS == 12

    @pytest.mark.parametrize(
        "password", ["a quiet kettle", "пароль для чайника", "x" * 199 + "y", "nul\x00here", "\ud800lone"]
    )
    async def test_the_same_password_matches_and_another_does_not(self, password: str) -> None:
        kept = await passwords.hash(password)
        assert await passwords.matches(password, kept)
        assert not await passwords.matches(password[:-1] + "#", kept)

    async def test_a_letter_and_its_accent_match_the_letter_with_the_accent(self) -> None:
        assert await passwords.matches("cafe\u0301 au lait", await passwords.hash("caf\u00e9 au lait"))

    async def test_nobodys_password_never_matches(self) -> None:
        assert not await passwords.matches("", None)


class TestCheckNew:
    @pytest.mark.parametrize("password", ["", "1234567", "x" * 201, "aaaaaaaa", "Ada@example.org"])
    def test_what_is_easily_guessed_or_too_long_is_refused(self, password: str) -> None:
        with pytest.raises(Invalid) as refusal:
            check_new(password, email="ada@example.org", field="owner.password")
        assert list(refusal.value.fields) == ["owner.password"]

    def test_a_few_words_are_taken(self) -> None:
        check_new("a quiet brown kettle", email="ada@example.org")
