"""People of a crowd: customers with an address each, of whom nobody can sign in."""

import random
from functools import lru_cache

from sqlalchemy import Connection

from engine.accounts.models import SavedAddress, User, folded
from engine.core.actor import Role
from engine.core.ids import new_secret
from engine.core.tables import table_of
from tests.benchmarks.crowd.plan import Plan, Rows, id_at
from tests.benchmarks.crowd.words import FIRST, LAST, address

USER, ADDRESS = 1, 2
_users, _addresses = table_of(User), table_of(SavedAddress)


class People:
    """Customers. Of each, name and e-mail follow from the number alone."""

    name, batch = "people", 2_000

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def prepare(self, connection: Connection) -> None:
        """Nobody needs to be there before."""

    def rows(self, start: int, stop: int) -> Rows:
        dice = random.Random(f"{self._plan.seed}:people:{start}")
        made: Rows = {_users: [], _addresses: []}
        for number in range(start, stop):
            at = self._plan.came_at(number, self._plan.people)
            name, email = named(number)
            user = id_at(at, USER, number)
            known = {"id": user, "created_at": at, "updated_at": at, "name": name, "email": email}
            has_come_back = dice.random() < 0.6
            made[_users].append(
                known
                | {
                    "search_text": folded(name, email),
                    "password_hash": new_secret(),  # no hash at all: none fits
                    "role": Role.CUSTOMER,
                    "is_active": dice.random() > 0.01,
                    "last_login_at": at if has_come_back else None,
                    "email_verified_at": at if has_come_back else None,
                }
            )
            made[_addresses].append(
                {"id": id_at(at, ADDRESS, number), "user_id": user, "created_at": at, "updated_at": at}
                | {"is_default": True, **address(dice, name)}
            )
        return made

    def finish(self, connection: Connection) -> None:
        """Nothing else changes."""


@lru_cache(maxsize=50_000)
def named(number: int) -> tuple[str, str]:
    """Return a person's name and e-mail address."""
    first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
    return f"{first} {last}", f"{first}.{last}.{number}@example.org".lower()
