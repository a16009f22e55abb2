"""Tables into a list: what each row becomes, and that the same again is nothing new."""

import pytest

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Invalid, NotAllowed
from engine.core.records import reading
from engine.core.records.importing import Importer, Report, fields_of
from engine.core.records.reading import ListRequest
from engine.core.tabular.mapping import guess
from engine.core.tabular.reading import read_table
from tests.factories import people


async def taken(
    house: Ports, text: str, *, path: str = "redirects", actor: Actor | None = None, is_dry_run: bool = False
) -> Report:
    resource = house.resources[path]
    by = actor or Actor.system("tests")
    general = house.site.general
    importer = Importer(house.db, by, resource, house.resources, general.currency, general.zone)
    table = read_table(text.encode(), "table.csv")
    mapping = guess(table.columns, fields_of(resource))
    return await importer.run(table, mapping, is_dry_run=is_dry_run)


async def listed(house: Ports, path: str = "redirects") -> list[str]:
    page = await house.db.query(reading.listed, Actor.system("tests"), house.resources[path], ListRequest())
    return [record.title for record in page.items]


REDIRECTS = "Old address,Leads to,Kind,Colour\n/a,/b,302,red\n/c,/d,Moved for good (301),\n"


class TestImport:
    async def test_rows_become_things_and_columns_without_a_place_are_named(self, house: Ports) -> None:
        report = await taken(house, REDIRECTS)
        assert (report.rows, report.created, report.failed) == (2, 2, 0)
        assert report.left_out == {"Colour": 1}
        assert await listed(house) == ["/a", "/c"]

    async def test_the_same_again_changes_nothing_and_another_value_one_thing(self, house: Ports) -> None:
        await taken(house, REDIRECTS)
        again = await taken(house, REDIRECTS)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
        changed = await taken(house, REDIRECTS.replace("/b", "/z"))
        assert (changed.created, changed.updated, changed.unchanged) == (0, 1, 1)

    async def test_a_dry_run_says_the_same_and_changes_nothing(self, house: Ports) -> None:
        report = await taken(house, REDIRECTS, is_dry_run=True)
        assert (report.created, report.is_dry_run) == (2, True)
        assert await listed(house) == []

    async def test_a_wrong_row_is_named_by_line_and_column_and_holds_no_other_back(self, house: Ports) -> None:
        report = await taken(house, "Old address,Leads to,Kind\n/a,/b,302\nnowhere,/b,\n/c,,\n/d,/e,999\n/a,/x,\n")
        assert (report.created, report.failed) == (1, 4)
        found = [(one["row"], one["column"]) for one in report.problems]
        assert found == [(3, "Old address"), (4, "Leads to"), (5, "Kind"), (6, "Old address")]
        assert await listed(house) == ["/a"]

    async def test_relations_are_known_by_name_or_path(self, house: Ports) -> None:
        report = await taken(house, "Name,Inside\nHome,\nKitchen,Home\nCups,home/kitchen\n", path="categories")
        assert report.created == 3, report.problems
        assert sorted(await listed(house, "categories")) == ["Cups", "Home", "Kitchen"]

    async def test_a_role_that_is_too_low_imports_nothing(self, house: Ports) -> None:
        viewer = await people.account(house, Role.VIEWER)
        with pytest.raises(NotAllowed):
            await taken(house, REDIRECTS, actor=viewer)
        assert await listed(house) == []

    async def test_a_mapping_to_no_field_is_refused_with_the_choices(self, house: Ports) -> None:
        resource = house.resources["redirects"]
        importer = Importer(house.db, Actor.system("tests"), resource, house.resources, "USD", house.site.general.zone)
        table = read_table(REDIRECTS.encode(), "table.csv")
        with pytest.raises(Invalid, match="sourcePath"):
            await importer.run(table, {"Old address": "nonsense"}, is_dry_run=False)
