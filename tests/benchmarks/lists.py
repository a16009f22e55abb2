"""Sixty more lists, to see what each of them costs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text, create_engine, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app import opening, wiring
from engine.core.access import Permission
from engine.core.domain import Domain
from engine.core.resource import Field, Resource, Widget
from engine.core.tables import Base, HasId, HasTimes
from engine.messaging.templates import Letters

COUNT = 60
_COLUMNS: dict[str, Any] = {
    "name": Mapped[str], "code": Mapped[str], "text": Mapped[str], "kind": Mapped[str], "is_open": Mapped[bool],
    "price_minor": Mapped[int], "rank": Mapped[int | None], "starts_at": Mapped[datetime | None],
    "other_id": Mapped[UUID | None], "more": Mapped[dict[str, Any]],
}  # fmt: skip


def path_of(number: int) -> str:
    """Return where one of the lists stands."""
    return f"generated-{number:02}"


def _resource(number: int) -> Resource:
    name = f"Generated{number:02}"
    sizes = {"name": String(200), "code": String(40), "text": Text(), "kind": String(20)}
    columns = {column: mapped_column(sizes[column]) for column in sizes}
    model: Any = type(
        name, (HasId, HasTimes, Base), {"__tablename__": name.lower(), "__annotations__": _COLUMNS, **columns}
    )
    return Resource(
        path=path_of(number),
        noun=name.lower(),
        model=model,
        singular=name,
        plural=f"{name}s",
        title=lambda row: row.name,
        read=Permission.MANAGE_REDIRECTS,
        write=Permission.MANAGE_REDIRECTS,
        order=(model.name,),
        fields=(
            Field(model.name, "Name", column=True, search=True, sort=True),
            Field(model.code, "Code", column=True, search=True, unique=True),
            Field(model.text, "Text", widget=Widget.RICHTEXT),
            Field(model.kind, "Kind", column=True, filter=True, choices=(("a", "First"), ("b", "Second"))),
            Field(model.is_open, "Open", column=True, filter=True),
            Field(model.price_minor, "Price", widget=Widget.MONEY, sort=True),
            Field(model.rank, "Rank", sort=True),
            Field(model.starts_at, "Starts", filter=True),
            Field(model.more, "More", widget=Widget.JSON),
        ),
    )


def add() -> None:
    """Have whatever opens Agora in this process open it with these lists."""
    generated = tuple(_resource(number) for number in range(COUNT))
    own, migrate = wiring.product_domains, opening.migrate

    def with_generated(*arguments: Any) -> tuple[Letters, tuple[Domain, ...]]:
        letters, domains = own(*arguments)
        return letters, (*domains, Domain("generated", resources=generated))

    def with_tables(url: str, before: Callable[[str], None] = lambda _revision: None) -> bool:
        done = migrate(url, before)
        engine = create_engine(url)
        tables = [Base.metadata.tables[one.model.__tablename__] for one in generated]
        if not inspect(engine).has_table(tables[0].name):
            Base.metadata.create_all(engine, tables)
        engine.dispose()
        return done

    wiring.product_domains = with_generated
    opening.migrate = with_tables
