"""What an article says of itself beside its title, excerpt, cover and blocks."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


def _id(value: str) -> str:
    try:
        return str(UUID(value)) if value else ""
    except ValueError:
        raise ValueError(f"“{value[:60]}” is not an id; send that of a category, tag, author or series") from None


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


Id = Annotated[str, AfterValidator(_id), Field(max_length=36)]
Ids = Annotated[tuple[Id, ...], AfterValidator(_each_once), Field(max_length=100)]


class ArticleFields(BaseModel):
    """Where an article stands. Each is an id; one that nobody bears any more is passed over.

    series_place: its number within the series. featured: what blocks and lists may ask for; pinned: stands before all
    others in the blog; comments: whether visitors may answer.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )

    categories: Ids = ()
    tags: Ids = ()
    author: Id = ""
    series: Id = ""
    series_place: Annotated[int, Field(ge=0, le=10_000)] = 0
    featured: bool = False
    pinned: bool = False
    comments: bool = True
