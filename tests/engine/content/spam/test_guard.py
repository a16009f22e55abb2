"""What a form carries against machines."""

from datetime import timedelta

from engine.content.spam import guard
from engine.core.secrets import make_secrets
from tests.clock import TestClock

SECRETS = make_secrets()


class TestGuard:
    def test_a_start_is_good_for_its_form_and_from_its_moment(self, clock: TestClock) -> None:
        sent = guard.started(SECRETS, clock.now(), "comment:1")
        clock.move(seconds=5)
        assert guard.age(SECRETS, sent, clock.now(), "comment:1") == timedelta(seconds=5)
        assert guard.age(SECRETS, sent, clock.now(), "comment:2") is None

    def test_what_proves_nothing_is_none(self, clock: TestClock) -> None:
        for sent in ("", ".", "1.x", "x.1", "9" * 40 + ".x", "١٢٣.x", "-1.x", "1780315200." + "a" * 22, "1.\x00é"):
            assert guard.age(SECRETS, sent, clock.now(), "f") is None
