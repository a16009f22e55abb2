"""The revisions that a start looks at without Alembic are Alembic's own."""

from alembic.script import ScriptDirectory

from engine.migrations import Standing, revisions, standing_of
from engine.migrations.upgrading import config_for


def test_files_bear_the_names_of_their_revisions_in_order() -> None:
    script = ScriptDirectory.from_config(config_for())
    assert revisions() == [one.revision for one in script.walk_revisions()][::-1]
    assert script.get_current_head() == revisions()[-1]


def test_a_database_stands_where_its_revision_does() -> None:
    known = revisions()
    assert standing_of(None) is Standing.NEW
    assert [standing_of(one) for one in known] == [*([Standing.OLD] * (len(known) - 1)), Standing.AT_HEAD]
    assert standing_of("9999_from_the_future") is Standing.AHEAD
