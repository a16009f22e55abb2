"""The description of the API: what FastAPI finds out, with who may, every refusal, and names that clients can keep.

Built when it is first asked for, and kept.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic.alias_generators import to_camel
from pydantic.json_schema import models_json_schema

from engine.api.apiwords import DESCRIPTION, REFUSALS, SUCCESSES, TAGS
from engine.api.records import describing
from engine.api.request import Allow, Public, SignedIn, actor_of
from engine.api.wire import Problem
from engine.core.access import LEAST_ROLE
from engine.core.actor import Role
from engine.core.site import KEYS

SCHEMAS = "#/components/schemas/"
BEARER = "bearer"
_convertor = re.compile(r":\w+}")
_sentence_end = re.compile(r"(?<=\w)[.;:](\s|$)")
_Operation = dict[str, Any]


def operation_id(route: APIRoute) -> str:
    """Return the name that a generated client gives the call: its function's, which no other route bears."""
    return to_camel(route.name)


def install(app: FastAPI) -> None:
    """Have the application describe itself by `describe`."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of every route that is in it."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        separate_input_output_schemas=False,
    )
    _describe_records(found, app)
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema(ref_template=SCHEMAS + "{model}")
    found["components"]["securitySchemes"] = {
        BEARER: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The `accessToken`."}
    }
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        for method in route.methods or ():
            path = _convertor.sub("}", str(route.path))
            operation = found["paths"].get(path, {}).get(method.lower())
            if operation is not None and dependant is not None:
                _complete(operation, path, dependant)
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _say_refusals(operation, path)
    _describe_settings(found)
    found["paths"] = _joined(found["paths"])
    named: dict[str, Any] = _renamed(found, _names(schemas))
    for name, schema in named["components"]["schemas"].items():
        _without_titles(schema)
        if name.endswith(("Update", "Patch")):
            for part in schema["properties"].values():
                part.pop("default", None)  # what is left out stays as it is
    return named


def _complete(operation: _Operation, path: str, dependant: Dependant) -> None:
    """Say what the call is in a line, who may make it, and how it can be refused."""
    text = operation.get("description", "")
    end = _sentence_end.search(text)
    operation["summary"] = " ".join(text[: end.start() if end else None].split())
    for parameter in operation.get("parameters", ()):
        _without_titles(parameter["schema"])
    answers = operation["responses"]
    answers.pop("422", None)
    for status in (*_require(operation, list(_calls(dependant))), *_refused_by_form(operation, path)):
        answers.setdefault(str(status), {})


def _say_refusals(operation: _Operation, path: str) -> None:
    """Say of each answer what it means, and give refusals their shape."""
    answers = operation["responses"]
    for status in _refused_at_the_door(operation, path):
        answers.setdefault(str(status), {})
    for status, answer in answers.items():
        code = int(status)
        if code in REFUSALS and "content" not in answer:
            answer["description"] = REFUSALS[code]
            answer["content"] = {"application/problem+json": {"schema": {"$ref": SCHEMAS + "Problem"}}}
        elif code in SUCCESSES:
            answer["description"] = SUCCESSES[code]
    operation["responses"] = dict(sorted(answers.items()))


def _require(operation: _Operation, calls: list[Any]) -> Iterator[int]:
    """Write down who may make the call; yield the statuses of those who may not."""
    rights = [call.permission for call in calls if isinstance(call, Allow)]
    if rights or any(isinstance(call, SignedIn) for call in calls):
        operation["security"] = [{BEARER: []}]
        operation["x-least-role"] = str((LEAST_ROLE.get(rights[0]) if rights else None) or Role.CUSTOMER)
        yield 401
    elif actor_of in calls:
        operation["security"] = [{}, {BEARER: []}]
        yield 401
    if rights:
        operation["x-permission"] = str(rights[0])
        yield 403


def _refused_by_form(operation: _Operation, path: str) -> Iterator[int]:
    """Yield the statuses that a call's address, parameters and body bring."""
    if path.startswith("/api/"):
        yield 429
    if "{" in path:
        yield 404
    if operation.get("parameters") or "requestBody" in operation:
        yield 422


def _refused_at_the_door(operation: _Operation, path: str) -> Iterator[int]:
    """Yield the statuses with which the gateway refuses what it cannot read, or has no room or no time for."""
    if path.startswith("/api/"):
        yield 503
    if operation.get("parameters") or "requestBody" in operation:
        yield 400
    if "requestBody" in operation:
        yield 413


def _calls(dependant: Dependant) -> Iterator[Any]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Allow | SignedIn | Public) or dependency.call is actor_of:
            yield dependency.call
        yield from _calls(dependency)


def _describe_records(found: dict[str, Any], app: FastAPI) -> None:
    """Add the calls of every declared resource, but for those that are written by hand."""
    resources = app.state.ports.resources.values()
    known = {tag["name"] for tag in found["tags"]}
    found["tags"] += [tag for tag in describing.tags_of(resources) if tag["name"] not in known]
    by_hand = {(_bare(path), method) for path, operations in found["paths"].items() for method in operations}
    for resource in resources:
        for path, method, operation in describing.paths_of(resource, SCHEMAS):
            if (_bare(path), method) not in by_hand:
                found["paths"].setdefault(path, {})[method] = operation
    shapes = describing.schemas_of(resources, SCHEMAS)
    wanted = list(_references(found))
    while wanted:
        name = wanted.pop()
        if name in shapes and name not in found["components"]["schemas"]:
            shape = found["components"]["schemas"][name] = shapes[name]
            wanted += _references(shape)


def _references(value: Any) -> Iterator[str]:
    """Yield the name of every schema that is referred to."""
    match value:
        case {"$ref": str(target)}:
            yield target.removeprefix(SCHEMAS)
        case dict():
            for item in value.values():
                yield from _references(item)
        case list():
            for item in value:
                yield from _references(item)


def _bare(path: str) -> str:
    """Return a path without the names of its parameters."""
    return re.sub(r"{\w+}", "{}", path)


def _describe_settings(found: dict[str, Any]) -> None:
    """Give the settings of each key their shape: the routes take and answer them by key."""
    _map, shapes = models_json_schema([(kind, "serialization") for kind in KEYS], ref_template=SCHEMAS + "{model}")
    found["components"]["schemas"] |= shapes["$defs"]
    one = {"anyOf": [{"$ref": SCHEMAS + kind.__name__} for kind in KEYS]}
    path = found["paths"].get("/api/v1/settings/{key}", {})
    for operation in path.values():
        operation["responses"]["200"]["content"]["application/json"]["schema"] = one
        operation["parameters"][0]["schema"] = {"type": "string", "enum": [kind.key for kind in KEYS]}
        if "requestBody" in operation:
            operation["requestBody"]["content"]["application/json"]["schema"] = one


def _joined(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Return the paths with camelCase parameters, and those that differ only in a parameter's name as one path."""
    joined: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    for path, operations in sorted(paths.items(), key=lambda item: "_id}" not in item[0]):
        wire = re.sub(r"{(\w+)}", lambda found: "{" + to_camel(found[1]) + "}", path)
        known = spelled.setdefault(_bare(wire), wire)
        names = dict(zip(re.findall(r"{(\w+)}", path), re.findall(r"{(\w+)}", known), strict=True))
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["name"] = names[parameter["name"]]
        joined.setdefault(known, {}).update(operations)
    order = [spelled[_bare(path)] for path in paths]
    return {path: dict(sorted(joined[path].items(), key=_by_method)) for path in dict.fromkeys(order)}


def _by_method(item: tuple[str, Any]) -> int:
    return ("get", "post", "put", "patch", "delete").index(item[0])


def _names(schemas: Mapping[str, Any]) -> dict[str, str]:
    """Return each schema's name for the world: `ProductWire` is a Product, a form's fields are named for their call."""
    names = {}
    for name in schemas:
        shown = name.removesuffix("Wire")
        if name.startswith("Body_"):
            shown = name.removeprefix("Body_")[0].upper() + name.removeprefix("Body_")[1:] + "Form"
        names[name] = name if shown != name and shown in schemas else shown
    return names


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case {"$ref": str(target)} if target.startswith(SCHEMAS):
            return {**value, "$ref": SCHEMAS + names.get(target.removeprefix(SCHEMAS), target.removeprefix(SCHEMAS))}
        case {"schemas": dict(schemas), **rest}:
            renamed = {names.get(name, name): _renamed(schema, names) for name, schema in schemas.items()}
            return {**{k: _renamed(v, names) for k, v in rest.items()}, "schemas": dict(sorted(renamed.items()))}
        case dict():
            return {key: _renamed(item, names) for key, item in value.items()}
        case list():
            return [_renamed(item, names) for item in value]
        case _:
            return value


def _without_titles(schema: dict[str, Any]) -> None:
    """Drop titles that only repeat the names."""
    if isinstance(schema.get("title"), str):
        del schema["title"]
    for part in schema.get("properties", {}).values():
        _without_titles(part)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            _without_titles(schema[key])
    for key in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(key, ()):
            _without_titles(part)
