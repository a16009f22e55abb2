"""Signed messages between programs: only the secret's holder makes one, and it is good for five minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.core.errors import Invalid
from engine.core.signatures import check, sign

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BODY = b'{"id": "evt_1"}'
SECRET = "whsec_kettle"


class TestCheck:
    def test_takes_what_was_signed(self) -> None:
        header = sign(SECRET, BODY, NOW)
        check(SECRET, header, BODY, NOW)
        check(SECRET, header, BODY, NOW + timedelta(minutes=5))

    def test_takes_one_of_several_while_a_secret_is_replaced(self) -> None:
        stamp, _comma, good = sign(SECRET, BODY, NOW).partition(",")
        check(SECRET, f"{stamp},v1=00,{good},v0=x", BODY, NOW)

    @pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), timedelta(days=-1)])
    def test_refuses_what_is_old_or_from_the_future(self, late: timedelta) -> None:
        with pytest.raises(Invalid, match="five minutes"):
            check(SECRET, sign(SECRET, BODY, NOW), BODY, NOW + late)

    @pytest.mark.parametrize(
        ("secret", "body"),
        [("whsec_other", BODY), (SECRET, BODY + b" "), (SECRET, b"")],
        ids=["secret", "body", "empty"],
    )
    def test_refuses_another_secret_and_other_bytes(self, secret: str, body: bytes) -> None:
        with pytest.raises(Invalid, match="does not fit"):
            check(secret, sign(SECRET, BODY, NOW), body, NOW)

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "t=,v1=",
            "t=1",
            "v1=00",
            "t=1,t=2,v1=00",
            "t=9999999999999999,v1=0",
            "t=١,v1=00",
            "t=-1,v1=00",
            "é=1",
            ",",
        ],
    )
    def test_refuses_what_is_no_signature(self, header: str) -> None:
        with pytest.raises(Invalid):
            check(SECRET, header, BODY, NOW)
