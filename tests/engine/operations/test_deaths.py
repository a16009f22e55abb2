"""A restore that dies at any moment: the next start makes the old or the new of it, whole."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from adapters.backups.sqlite import SqliteCopies
from engine.core.ports import SystemClock
from engine.operations.backups import restoring
from engine.operations.backups.making import Ground
from engine.operations.backups.restoring import Plan
from tests.factories.backups import made

MOST_STEPS = 60


class Died(BaseException):
    """The power went."""


def ground_in(folder: Path, database: Path) -> Ground:
    return Ground(folder, SqliteCopies(database), SystemClock(), "1")


def write(on: Ground, word: str) -> None:
    """Make everything in the data folder say one word."""
    assert on.copies.place is not None
    with closing(sqlite3.connect(on.copies.place)) as connection:
        connection.execute("INSERT OR REPLACE INTO site_settings (key, value, created_at, updated_at) VALUES "
                           "('general', json_object('siteName', ?), '2026-01-01', '2026-01-01')", (word,))  # fmt: skip
        connection.commit()
    (on.folder / "secrets.json").write_text(word)
    (on.files / "media").mkdir(parents=True, exist_ok=True)
    (on.files / "media/one").write_text(word)
    (on.files / f"media/{word}").write_text(word)


def state(on: Ground) -> set[str]:
    """Return every word that the data says: one, where it is whole."""
    words = {str(on.copies.settings("general").get("siteName")), (on.folder / "secrets.json").read_text()}
    return words | {path.read_text() for path in on.files.rglob("*") if path.is_file()}


@pytest.fixture(params=["in the data folder", "elsewhere"])
def on(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Ground:
    """A data folder that says “new”, with a restore to “old” staged in it."""
    folder = tmp_path / "house"
    place = (folder if request.param == "in the data folder" else tmp_path / "databases") / "agora.sqlite3"
    place.parent.mkdir(parents=True)
    folder.mkdir(exist_ok=True)
    shutil.copy(sqlite_template, place)
    on = ground_in(folder, place)
    write(on, "old")
    path = made(on)
    write(on, "new")
    (on.files / "media/old").unlink()
    (folder / "search").mkdir()
    restoring.stage(on, path)
    return on


def fine(on: Ground) -> Callable[[Plan], None]:
    """A check that opens the new data, as a start would."""

    def check(_plan: Plan) -> None:
        assert state(on) == {"old"}
        assert on.copies.place is not None
        with closing(sqlite3.connect(on.copies.place)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS looked (at)")
            connection.commit()
            connection.execute("INSERT INTO looked VALUES (1)")

    return check


def wrong(on: Ground) -> Callable[[Plan], None]:
    """A check that writes to the new data before it finds it wrong."""

    def check(plan: Plan) -> None:
        fine(on)(plan)
        raise ValueError("not this one")

    return check


class Power:
    """Goes after so many steps: before or after each move, and each word that is written down."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def around(self, act: Callable[..., None]) -> Callable[..., None]:
        def acting(*arguments: object) -> None:
            self.step()
            act(*arguments)
            self.step()

        return acting

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise Died


def dies(on: Ground, monkeypatch: pytest.MonkeyPatch, check: Callable[[Plan], None], steps: int) -> bool:
    """End a restore until the power goes; return whether it went."""
    power = Power(steps)
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "move", power.around(restoring.move))
        patch.setattr(restoring, "write_json", power.around(restoring.write_json))
        try:
            restoring.settle(on, check)
        except Died:
            return True
    return False


@pytest.mark.parametrize(("check", "ends"), [(fine, "old"), (wrong, "new")])
def test_a_death_at_any_step_leaves_the_old_or_the_new_whole(
    on: Ground, monkeypatch: pytest.MonkeyPatch, check: Callable[[Ground], Callable[[Plan], None]], ends: str
) -> None:
    assert on.copies.place is not None
    rooms = {on.folder, on.copies.place.parent}
    for room in rooms:
        shutil.copytree(room, room.with_name(f"{room.name}-kept"))
    for steps in range(MOST_STEPS):
        for room in rooms:
            shutil.rmtree(room)
            shutil.copytree(room.with_name(f"{room.name}-kept"), room)
        has_died = dies(on, monkeypatch, check(on), steps)
        restoring.settle(on, check(on))
        assert state(on) == {ends}, f"died at step {steps}"
        assert not (on.folder / restoring.ROOM).exists()
        if not has_died:
            assert steps > 10
            return
    raise AssertionError("it never came to its end")


KILLED = """
import os, signal, sys
from pathlib import Path
from engine.operations.backups import restoring
from tests.engine.operations.test_deaths import fine, ground_in
left, move = [int(sys.argv[3])], restoring.move
def moving(source, target):
    move(source, target)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
restoring.move = moving
on = ground_in(Path(sys.argv[1]), Path(sys.argv[2]))
restoring.settle(on, fine(on))
"""


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_process_that_is_killed_between_two_moves_is_no_different(on: Ground, at: int) -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", KILLED, str(on.folder), str(on.copies.place), str(at)]
    done = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert done.returncode == -9
    restoring.settle(on, fine(on))
    assert state(on) == {"old"}


def test_a_restore_that_died_while_it_was_unpacked_never_was(on: Ground) -> None:
    (on.folder / restoring.ROOM / "plan.json").unlink()
    assert restoring.settle(on, wrong(on)) is None
    assert state(on) == {"new"}
    assert not (on.folder / restoring.ROOM).exists()


def test_another_restore_takes_the_place_of_one_that_waits(on: Ground) -> None:
    write(on, "newest")
    path = made(on)
    restoring.stage(on, path)
    restoring.settle(on, lambda _plan: None)
    assert "newest" in state(on)
