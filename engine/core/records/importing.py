"""A table into a list: each row makes a thing or changes the one that it names, or says why it does not.

Rows are known again by their id, else by a field that nothing else bears; the same table twice changes nothing.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import func, select

from engine.core import access
from engine.core.actor import Actor
from engine.core.audit import changes_of
from engine.core.database import Database
from engine.core.errors import AgoraError, Conflict, Invalid
from engine.core.i18n import Message, _, format_message
from engine.core.ids import parse_id
from engine.core.records import writing
from engine.core.records.cells import value_of
from engine.core.records.filling import is_unique
from engine.core.records.kinds import is_nullable, wire_name
from engine.core.records.shapes import changes_in, shapes_of
from engine.core.resource import Field, Resource
from engine.core.tabular import mapping as columns
from engine.core.tabular.problems import Problem, Severity
from engine.core.tabular.table import Row, Table
from engine.core.transaction import Tx
from engine.core.validation import fields_of as refusals_of

BATCH = 50
MOST_PROBLEMS = 1_000
Progress = Callable[[int, int, Mapping[str, Any] | None], Awaitable[None]]


class _DryRun(Exception):
    """Ends a batch of a dry run: everything in it is undone."""


@dataclass(slots=True)
class Report:
    """What became of the rows. left_out: columns that are no field, with how many rows held something there."""

    is_dry_run: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def tell(self, problem: Problem, language: str) -> None:
        """Write down why a row was not taken as it stood."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(
                {
                    "row": problem.row,
                    "column": problem.column,
                    "value": problem.value,
                    "message": format_message(problem.message, language),
                    "severity": str(problem.severity),
                }
            )

    def as_json(self) -> dict[str, Any]:
        return {
            "dryRun": self.is_dry_run,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "problems": self.problems,
            "leftOut": self.left_out,
        }


def fields_of(resource: Resource) -> tuple[columns.Field, ...]:
    """Return what the columns of a table can hold: `id`, and every field that can be written."""
    own = [
        columns.Field(wire_name(one), Message(str(one.label)), (one.name, str(one.label))) for one in resource.written
    ]
    return (columns.Field("id", _("Id"), ("id", "uuid")), *own)


@dataclass(frozen=True, slots=True)
class Importer:
    """An import of one table into one list."""

    db: Database
    actor: Actor
    resource: Resource
    resources: Mapping[str, Resource]
    currency: str
    zone: ZoneInfo
    language: str = "en"

    async def run(
        self, table: Table, mapping: Mapping[str, str], *, is_dry_run: bool, progress: Progress | None = None
    ) -> Report:
        """Return what became of the rows. A dry run says the same and changes nothing.

        Raises NotAllowed, Conflict for a list that nobody adds to, Invalid for a mapping that makes no sense.
        """
        access.require(self.actor, self.resource.write)
        if not self.resource.makes:
            raise Conflict(_("{list} come by themselves: nobody adds one."), list=str(self.resource.plural))
        columns.check_mapping(table.columns, fields_of(self.resource), mapping)
        report = Report(is_dry_run=is_dry_run)
        report.left_out = {column: 0 for column in table.columns if not mapping.get(column)}
        items = table.rows()
        seen: set[tuple[str, str]] = set()
        while batch := list(islice(items, BATCH)):
            await self._batch(table, mapping, batch, report, seen)
            if progress is not None:
                await progress(report.rows, 0, None)
        return report

    async def _batch(
        self,
        table: Table,
        mapping: Mapping[str, str],
        batch: Sequence[Row | Problem],
        report: Report,
        seen: set[tuple[str, str]],
    ) -> None:
        try:
            async with self.db.write() as tx:
                for item in batch:
                    if isinstance(item, Problem):
                        report.tell(item, self.language)
                        report.failed += item.severity is Severity.ERROR
                    else:
                        await self._row(tx, table, mapping, item, report, seen)
                _undo(report)
        except _DryRun:
            return

    async def _row(
        self,
        tx: Tx,
        table: Table,
        mapping: Mapping[str, str],
        row: Row,
        report: Report,
        seen: set[tuple[str, str]],
    ) -> None:
        report.rows += 1
        for column, cell in zip(table.columns, row.cells, strict=True):
            if column in report.left_out and cell.strip():
                report.left_out[column] += 1
        cells = {field_: row.cells[places[0]] for field_, places in columns.placed(table.columns, mapping).items()}
        try:
            async with tx.attempt():
                outcome = await self._take(tx, cells, seen)
        except AgoraError as refused:
            report.failed += 1
            for problem in _problems(row.number, refused, cells, mapping):
                report.tell(problem, self.language)
        else:
            setattr(report, outcome, getattr(report, outcome) + 1)

    async def _take(self, tx: Tx, cells: Mapping[str, str], seen: set[tuple[str, str]]) -> str:
        """Write one row; return which number of the report it adds to."""
        wire = await self._read(tx, cells)
        record_id = await self._known(tx, cells, wire)
        self._refuse_twice(wire, seen)
        shapes = shapes_of(self.resource)
        try:
            sent = (shapes.update if record_id else shapes.create).model_validate(
                wire, context={"currency": self.currency}
            )
        except ValidationError as error:
            raise Invalid(_("Some cells cannot be taken."), refusals_of(error)) from error
        values = changes_in(self.resource, sent)
        if record_id is None:
            await writing.create(tx, self.actor, self.resource, values)
            return "created"
        facts = len(tx.facts)
        row = await writing.update(tx, self.actor, self.resource, record_id, values)
        return "updated" if len(tx.facts) > facts or changes_of(row) else "unchanged"

    async def _read(self, tx: Tx, cells: Mapping[str, str]) -> dict[str, Any]:
        wire: dict[str, Any] = {}
        wrong: dict[str, Message | str] = {}
        for one in self.resource.written:
            name = wire_name(one)
            if name not in cells:
                continue
            related = await self._titled(tx, one, cells[name])
            try:
                value = value_of(one, str(related or cells[name]), self.currency, self.zone)
            except Invalid as refused:
                wrong |= refused.fields
                continue
            if value is not None or is_nullable(one):
                wire[name] = value
        if wrong:
            raise Invalid(_("Some cells cannot be taken."), wrong)
        return wire

    async def _titled(self, tx: Tx, relation: Field, text: str) -> UUID | None:
        """Return the id of the thing that a relation's cell names by its key or its first searched field."""
        target = self.resources.get(relation.to)
        if target is None or not text.strip() or parse_id(text.strip()):
            return None
        model: Any = target.model
        for column in (target.key, *(one.attribute for one in target.fields if one.search)):
            if column is not None:
                found: UUID | None = await tx.scalar(
                    select(model.id).where(func.lower(column) == text.strip().lower()).limit(1)
                )
                if found is not None:
                    return found
        return None

    async def _known(self, tx: Tx, cells: Mapping[str, str], wire: dict[str, Any]) -> UUID | None:
        """Return the id of the thing that a row is about, where there is one."""
        model: Any = self.resource.model
        record_id = parse_id(cells.get("id", "").strip())
        if record_id is not None and await tx.scalar(select(model.id).where(model.id == record_id)):
            return record_id
        for one in self.resource.written:
            value = wire.get(wire_name(one))
            if is_unique(one) and isinstance(value, str) and value:
                found: UUID | None = await tx.scalar(
                    select(model.id).where(func.lower(one.attribute) == value.lower()).limit(1)
                )
                if found is not None:
                    return found
        return None

    def _refuse_twice(self, wire: Mapping[str, Any], seen: set[tuple[str, str]]) -> None:
        """Raise Invalid for a row that names what an earlier row of the same table named."""
        for one in self.resource.written:
            name = wire_name(one)
            value = wire.get(name)
            if is_unique(one) and isinstance(value, str) and value:
                if (name, value.lower()) in seen:
                    message = _("“{value}” stood in an earlier row already; that row counts.").having(value=value[:80])
                    raise Invalid(message, {name: message})
                seen.add((name, value.lower()))


def _undo(report: Report) -> None:
    if report.is_dry_run:
        raise _DryRun


def _problems(
    number: int, refused: AgoraError, cells: Mapping[str, str], mapping: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield why a row was refused, by the file's own columns."""
    by_field = {field_: column for column, field_ in mapping.items()}
    fields = refused.fields if isinstance(refused, Invalid) and refused.fields else {"": refused.message}
    for path, message in fields.items():
        name = path.partition(".")[0]
        said = message if isinstance(message, Message) else Message("{text}", {"text": message})
        yield Problem.of(number, by_field.get(name, name), cells.get(name, ""), said, Severity.ERROR)
