"""Lockout and who may change whom, as properties."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.accounts.rules import LOCKOUT, Failures, Standing, loses_owner, may_grant, may_touch, refuse_locked
from engine.core.actor import Actor, Role
from engine.core.errors import NotAllowed
from engine.core.ids import new_id

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
roles = st.sampled_from(list(Role))
standings = st.builds(Standing, roles, st.booleans())


class TestFailures:
    def test_the_fifth_in_a_row_locks_for_thirty_minutes(self) -> None:
        failures = Failures()
        for _ in range(4):
            failures = failures.one_more(NOW)
            assert not failures.is_locked(NOW)
        failures = failures.one_more(NOW)
        assert failures.is_locked(NOW + LOCKOUT - timedelta(seconds=1))
        assert not failures.is_locked(NOW + LOCKOUT)

    def test_after_a_lockout_counting_begins_anew(self) -> None:
        assert Failures(5, NOW).one_more(NOW) == Failures(1, None)

    @given(st.integers(1, 1800))
    def test_the_time_left_is_told_in_whole_seconds_and_minutes(self, seconds: int) -> None:
        with pytest.raises(NotAllowed) as refusal:
            refuse_locked(Failures(5, NOW + timedelta(seconds=seconds)), NOW)
        assert refusal.value.locked_seconds == seconds
        minutes = -(-seconds // 60)
        assert ("another minute" if minutes == 1 else f"{minutes} minutes") in str(refusal.value)


class TestReach:
    @given(roles, roles)
    def test_nobody_touches_or_grants_above_their_own_role(self, mine: Role, theirs: Role) -> None:
        actor = Actor.person(new_id(), mine)
        assert may_touch(actor, theirs) == may_grant(actor, theirs) == (mine.rank >= theirs.rank)

    @given(roles)
    def test_a_stranger_touches_nobody(self, role: Role) -> None:
        assert not may_touch(Actor.stranger(), role)

    @given(standings, standings, st.integers(0, 3))
    def test_an_installation_with_an_owner_keeps_one(self, before: Standing, after: Standing, others: int) -> None:
        owners_before = before.is_owner + others
        owners_after = after.is_owner + others
        assert loses_owner(before, after, others) == (owners_before > 0 and owners_after == 0)
