"""Every declared resource by its path, and what follows from the declarations: being found by words."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.facts import Fact
from engine.core.html import text_of
from engine.core.ports import SearchDocument
from engine.core.reactions import Reaction
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.core.records.reading import columns_of, title_of
from engine.core.resource import Resource
from engine.core.searching import Searchable, queue_for_index
from engine.core.transaction import Tx

CHANGES = (RecordCreated, RecordUpdated, RecordDeleted)
SYSTEM = Actor.system()


def catalogue_of(resources: Iterable[Resource]) -> Mapping[str, Resource]:
    """Return resources by path. Raises ValueError where two have one path or one noun."""
    found: dict[str, Resource] = {}
    nouns: set[str] = set()
    for resource in resources:
        if resource.path in found or resource.noun in nouns:
            raise ValueError(f"two resources are called {resource.path} ({resource.noun})")
        found[resource.path] = resource
        nouns.add(resource.noun)
    return MappingProxyType(found)


def searchables_of(resources: Iterable[Resource]) -> list[Searchable]:
    """Return what makes each resource's things found by their searched fields, by staff."""
    return [_searchable(resource) for resource in resources if resource.is_found]


def _searchable(resource: Resource) -> Searchable:
    def documents(connection: Connection, ids: Sequence[UUID]) -> list[SearchDocument]:
        rows = connection.execute(select(*columns_of(resource)).where(resource.model.id.in_(ids)))  # type: ignore[attr-defined]
        return [_document(resource, row) for row in rows]

    ids = select(resource.model.id)  # type: ignore[attr-defined]
    return Searchable(resource.path, (), documents, ids, read=resource.read or Permission.ENTER_ADMIN)


def _document(resource: Resource, row: object) -> SearchDocument:
    words = [str(getattr(row, field.name) or "") for field in resource.fields if field.search]
    return SearchDocument(
        type=resource.path,
        id=row.id,  # type: ignore[attr-defined]
        title=title_of(resource, row),
        body=text_of(" ".join(words), 5_000),
        url=f"/admin/{resource.path}/{row.id}",  # type: ignore[attr-defined]
        visibility="staff",
    )


def index_records(resources: Iterable[Resource]) -> Reaction:
    """Return the reaction that queues changed records for the index, by resource."""
    found = [resource for resource in resources if resource.is_found]
    own = {kind: resource.path for resource in found for kind in resource.facts}
    paths = {resource.path for resource in found}

    async def queue(tx: Tx, facts: Sequence[Fact]) -> None:
        by_path: dict[str, set[str]] = {}
        for fact in facts:
            path = fact.resource if isinstance(fact, CHANGES) else own[type(fact)]
            by_path.setdefault(path, set()).add(str(fact.about))
        for path in sorted(paths & by_path.keys()):
            await queue_for_index(tx, path, by_path[path])

    return Reaction(name="search.records", on=(*CHANGES, *own), handle=queue, batched=True)
