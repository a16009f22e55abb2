"""The pages of a crowd: one tree of three levels, each with a heading and some paragraphs, all published."""

import random
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.content.pages.models import Page, PageKind, PageStatus, PageVersion, VersionKind
from engine.core.tables import table_of
from tests.benchmarks.crowd.plan import Plan, Rows, id_at
from tests.benchmarks.crowd.words import LOOKS, THINGS, sentence

PAGE, VERSION = 9, 10
#: So many stand below each page of the first and of the second level.
BELOW = 10
FIRST_LEVEL, SECOND_LEVEL = 10, 110
_pages, _versions = table_of(Page), table_of(PageVersion)


class Pages:
    """Pages. The first ten stand at the top, a hundred below those, all others below the hundred."""

    name, batch = "pages", 1_000

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def prepare(self, connection: Connection) -> None:
        """Nothing needs to be there before."""

    def rows(self, start: int, stop: int) -> Rows:
        dice = random.Random(f"{self._plan.seed}:pages:{start}")
        made: Rows = {_pages: [], _versions: []}
        for number in range(start, stop):
            at, title = self._at(number), self._title(number)
            version, parent = id_at(at, VERSION, number), self._parent(number)
            made[_pages].append(
                {"id": self._id(number), "kind": PageKind.PAGE, "status": PageStatus.PUBLISHED, "title": title}
                | {"slug": f"crowd-{number}", "path": self._path(number), "position": number, "roles": []}
                | {"parent_id": None if parent is None else self._id(parent)}
                | {"draft_version_id": version, "published_version_id": version, "first_published_at": at}
                | {"published_at": at, "created_at": at, "updated_at": at}
            )
            blocks = [
                {"id": f"b{place}", "type": "heading", "settings": {"text": sentence(dice, 5)}} for place in range(3)
            ]
            made[_versions].append(
                {"id": version, "page_id": self._id(number), "number": 1, "kind": VersionKind.IMPORT}
                | {"content": {"title": title, "blocks": blocks}, "created_at": at, "at": at, "published_at": at}
            )
        return made

    def finish(self, connection: Connection) -> None:
        """Nothing else changes."""

    def _at(self, number: int) -> datetime:
        return self._plan.came_at(number, self._plan.pages)

    def _id(self, number: int) -> UUID:
        return id_at(self._at(number), PAGE, number)

    def _title(self, number: int) -> str:
        return f"{LOOKS[number % len(LOOKS)].capitalize()} {THINGS[number // len(LOOKS) % len(THINGS)]} {number}"

    def _parent(self, number: int) -> int | None:
        if number < FIRST_LEVEL:
            return None
        if number < SECOND_LEVEL:
            return (number - FIRST_LEVEL) // BELOW
        return FIRST_LEVEL + number % (SECOND_LEVEL - FIRST_LEVEL)

    def _path(self, number: int) -> str:
        parent = self._parent(number)
        return f"{'' if parent is None else self._path(parent)}/crowd-{number}"
