"""What the wires of comments and reviews share."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.wire import Wire
from engine.content.spam.judging import said
from engine.content.speech.standing import Standing
from engine.content.speech.voices import Guarded

Kind = Annotated[str, Field(max_length=40, description="What it is about: `product`, `article` …")]
Words = Annotated[str, Field(max_length=5_000)]
AskedKind = Annotated[str, Query(max_length=40, description="What it is about: `product`, `article` …")]
AskedSubject = Annotated[UUID, Query(alias="subjectId")]
AskedStanding = Annotated[Standing, Query(alias="status")]
AskedSearch = Annotated[str, Query(max_length=200)]


class SubjectWire(Wire):
    """What a voice is about. title and url are empty where it is gone."""

    kind: str
    id: UUID
    title: str
    url: str


def subjects_of(connection: Connection, house: Ports, rows: list[Any]) -> Mapping[UUID, SubjectWire]:
    """Return what these rows are about, by the row's id."""
    wanted: dict[str, list[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.kind, []).append(row.subject_id)
    found = {kind: house.voices.find(connection, kind, ids) for kind, ids in wanted.items()}
    made = {}
    for row in rows:
        subject = found[row.kind].get(row.subject_id)
        title, url = (subject.title, subject.url) if subject else ("", "")
        made[row.id] = SubjectWire(kind=row.kind, id=row.subject_id, title=title, url=url)
    return made


def reasons_of(row: Any) -> list[str]:
    """Return why a row waits, in English."""
    return [str(said(one["code"], one.get("values", {}))) for one in row.reasons]


def guarded(homepage: str) -> Guarded:
    """Return what a program sends besides its words: it opened no form."""
    return Guarded(trap=homepage)


def published_status(standing: Standing) -> Literal["published", "pending"]:
    """Return what a sender is told: what a machine sent waits like anything else, as far as it knows."""
    return "published" if standing is Standing.PUBLISHED else "pending"
