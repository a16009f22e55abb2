"""The description of every resource's routes for OpenAPI, written from the declarations when it is first asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from engine.api.records.routes import BulkRequest
from engine.core.access import LEAST_ROLE, Permission
from engine.core.actor import Role
from engine.core.records.kinds import choices_of, widget_of, wire_name
from engine.core.records.reading import filters_of
from engine.core.records.shapes import shapes_of
from engine.core.resource import Resource, Widget

PREFIX = "/api/v1"
_Schema = dict[str, Any]
_ID: _Schema = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
_PAGING: tuple[_Schema, ...] = (
    {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
)


def tags_of(resources: Iterable[Resource]) -> list[_Schema]:
    """Return a tag for each resource."""
    return [{"name": tag_of(one), "description": str(one.text or one.plural)} for one in resources]


def tag_of(resource: Resource) -> str:
    """Return the word under which a resource's calls stand."""
    return resource.path.replace("-", " ")


def schemas_of(resources: Iterable[Resource], template: str) -> dict[str, _Schema]:
    """Return the schemas of what is read, made, changed and listed."""
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(BulkRequest, "validation")]
    lists: dict[str, _Schema] = {}
    for resource in resources:
        shapes = shapes_of(resource)
        wanted += [(shapes.read, "serialization"), (shapes.create, "validation"), (shapes.update, "validation")]
        lists[f"{stem_of(resource)}Page"] = _list({"$ref": template + shapes.read.__name__})
    _map, found = models_json_schema(wanted, ref_template=template + "{model}")
    return {**found.get("$defs", {}), **lists, **_FIXED}


def paths_of(resource: Resource, ref: str) -> Iterator[tuple[str, str, _Schema]]:
    """Yield (path, method, operation) of a resource's calls. ref: where schemas stand."""
    base = f"{PREFIX}/{resource.path}"
    for path, method, operation in (*_reads(resource, ref), *_writes(resource, ref), *_bin(resource, ref)):
        yield base + path, method, operation


def _reads(resource: Resource, ref: str) -> Iterator[tuple[str, str, _Schema]]:
    call, many, stem = _Calls(resource), str(resource.plural).lower(), stem_of(resource)
    query = list(_asked(resource))
    page, record = _json(f"{ref}{stem}Page"), _json(ref + shapes_of(resource).read.__name__)
    yield "", "get", call.reading("list", f"List {many}", page, [*_PAGING, *query])
    yield "/export", "get", call.reading("export", f"Return {many} as a file", _FILE, [_FORMAT, *query])
    yield "/{id}", "get", call.reading("read", f"Return one of the {many}", record, [_ID])


def _writes(resource: Resource, ref: str) -> Iterator[tuple[str, str, _Schema]]:
    call, shapes = _Calls(resource), shapes_of(resource)
    one, many = str(resource.singular).lower(), str(resource.plural).lower()
    record, change = _json(ref + shapes.read.__name__), {**_ID, "name": "changeId"}
    if resource.makes:
        yield "/import", "post", call.importing(f"Import {many} from a table", _json(f"{ref}ImportBegun"))
        yield "", "post", call.writing("create", f"Make a {one}", record, body=ref + shapes.create.__name__, status=201)
    if resource.changes:
        body = ref + shapes.update.__name__
        yield "/{id}", "patch", call.writing("update", f"Change what is sent of a {one}", record, [_ID], body)
        back = call.writing("putBack", f"Put a {one} back to before a change", record, [_ID, change])
        yield "/{id}/history/{changeId}/restore", "post", back
    history = _json(f"{ref}HistoryPage")
    yield "/{id}/history", "get", call.writing("historyOf", f"Return what happened to a {one}", history, [_ID])
    report, body = _json(f"{ref}BulkReport"), f"{ref}BulkRequest"
    yield "/bulk", "post", call.writing("changeMany", f"Do one thing with many {many}", report, body=body)
    for name, action in resource.actions.items():
        yield f"/{{id}}/{name}", "post", call.acting(name, str(action.label), record, action.permission)


def _bin(resource: Resource, ref: str) -> Iterator[tuple[str, str, _Schema]]:
    if not resource.deletes:
        return
    call, record = _Calls(resource), _json(ref + shapes_of(resource).read.__name__)
    one, many = str(resource.singular).lower(), str(resource.plural).lower()
    listed = call.writing("binOf", f"List deleted {many}", _json(f"{ref}BinPage"), [*_PAGING])
    yield "/{id}", "delete", call.writing("delete", f"Put a {one} into the bin for 30 days", None, [_ID], status=204)
    yield "/bin", "get", listed
    yield "/bin/{id}/restore", "post", call.writing("restore", f"Bring a {one} back from the bin", record, [_ID])


def stem_of(resource: Resource) -> str:
    """Return a resource's name in schemas and ids: `ProductTag`."""
    return "".join(word.capitalize() for word in resource.noun.split("_"))


class _Calls:
    """Writes the operations of one resource."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.stem = stem_of(resource)

    def reading(self, verb: str, text: str, answer: _Schema, parameters: list[_Schema]) -> _Schema:
        return self._call(verb, text, 200, answer, parameters, self.resource.read)

    def writing(
        self,
        verb: str,
        text: str,
        answer: _Schema | None,
        parameters: Sequence[_Schema] = (),
        body: str = "",
        status: int = 200,
    ) -> _Schema:
        operation = self._call(verb, text, status, answer, list(parameters), self.resource.write)
        operation["responses"]["409"] = {}
        if body:
            operation["requestBody"] = {"required": True, "content": _json(body)}
            operation["responses"]["422"] = {}
        return operation

    def importing(self, text: str, answer: _Schema) -> _Schema:
        operation = self.writing("import", text, answer, status=202)
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
        operation["responses"] |= {"413": {}, "422": {}}
        return operation

    def acting(self, name: str, text: str, answer: _Schema, permission: Permission) -> _Schema:
        operation = self._call(to_camel(name.replace("-", "_")), text, 200, answer, [_ID], permission)
        operation["responses"]["409"] = {}
        return operation

    def _call(
        self,
        verb: str,
        text: str,
        status: int,
        answer: _Schema | None,
        parameters: list[_Schema],
        permission: Permission | None,
    ) -> _Schema:
        answers: _Schema = {str(status): {"content": answer} if answer else {}, "429": {}, "404": {}, "401": {}}
        if parameters:
            answers["422"] = {}
        operation: _Schema = {
            "tags": [tag_of(self.resource)],
            "summary": text,
            "description": f"{text}.",
            "operationId": f"{verb}{self.stem}",
            "parameters": [dict(one) for one in parameters],
            "responses": answers,
        }
        if permission is not None:
            operation["security"] = [{"bearer": []}]
            operation["x-least-role"] = str(LEAST_ROLE.get(permission) or Role.CUSTOMER)
            operation["x-permission"] = str(permission)
            answers["403"] = {}
        return operation


def _asked(resource: Resource) -> Iterator[_Schema]:
    """Yield the parameters of a list: search, sort and filters."""
    text: _Schema = {"type": "string", "maxLength": 200}
    if any(field.search for field in resource.fields):
        yield {"name": "search", "in": "query", "schema": text, "description": "Words that must all be found"}
    sorts = [wire_name(field) for field in resource.fields if field.sort]
    if sorts:
        enum = [name for sort in sorts for name in (sort, f"-{sort}")]
        yield {"name": "sort", "in": "query", "schema": {"type": "string", "enum": enum}}
    for name, field in filters_of(resource):
        choices = choices_of(field) if name == wire_name(field) else []
        schema: _Schema = {"type": "string", "enum": [value for value, _words in choices]} if choices else text
        if widget_of(field) is Widget.SWITCH:
            schema = {"type": "boolean"}
        yield {"name": name, "in": "query", "schema": schema}


def _json(ref: str) -> _Schema:
    return {"application/json": {"schema": {"$ref": ref}}}


def _object(**fields: _Schema) -> _Schema:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(item: _Schema) -> _Schema:
    number: _Schema = {"type": "integer"}
    return _object(items={"type": "array", "items": item}, total=number, page=number, limit=number)


_TEXT: _Schema = {"type": "string"}
_UUID: _Schema = {"type": "string", "format": "uuid"}
_TIME: _Schema = {"type": "string", "format": "date-time"}
_FILE: _Schema = {"text/csv": {"schema": _TEXT}, "application/json": {"schema": {"type": "array", "items": {}}}}
_FORMAT: _Schema = {"name": "format", "in": "query", "schema": {"type": "string", "enum": ["csv", "json"]}}
_UPLOAD: _Schema = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "CSV, Excel or JSON"},
        "dryRun": {"type": "boolean", "default": False},
        "mapping": {"type": "string", "description": "JSON: {column of the file: field, or empty}"},
    },
    "required": ["file"],
}
_CHANGES: _Schema = {"type": "object", "additionalProperties": _object(before={}, after={})}
_FIXED: Mapping[str, _Schema] = {
    "BulkReport": _object(
        done={"type": "array", "items": _UUID},
        refused={"type": "array", "items": _object(id=_UUID, message=_TEXT)},
    ),
    "HistoryPage": _list(_object(id=_UUID, action=_TEXT, actor=_TEXT, at=_TIME, changes=_CHANGES)),
    "BinPage": _list(_object(id=_UUID, recordId=_UUID, title=_TEXT, deletedBy=_TEXT, deletedAt=_TIME, purgeAt=_TIME)),
}
