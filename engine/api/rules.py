"""Every route with the rule it declares: for `agora routes`, and for the test of every route against every role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from engine.api.records.asking import AllowRecords
from engine.api.request import Allow, Public, SignedIn
from engine.core.access import LEAST_ROLE

_parameter = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One method of one path; `rules` as its dependencies declare them, none where it declares nothing."""

    method: str
    path: str
    rules: tuple[Allow | SignedIn | Public, ...]

    @property
    def words(self) -> str:
        """The rule as a person reads it: `product.manage (store_manager)`, `signed in`, `public`."""
        return " and ".join(_words(rule) for rule in self.rules) or "NO RULE"


def rules_of(app: FastAPI) -> list[RouteRule]:
    """Return every route of the application, sorted by path and method.

    The description of the API and its pages, which the framework adds by itself, are public. A resource's route whose
    address one that is written by hand answers first is left out.
    """
    found: dict[tuple[str, str], RouteRule] = {}
    for route in iter_route_contexts(app.routes):
        for path, rules in _expanded(app, str(route.path), getattr(route, "dependant", None)):
            for method in route.methods or ():
                found.setdefault((method, _parameter.sub("{}", path)), RouteRule(method, path, rules))
    return sorted(found.values(), key=lambda one: (one.path, one.method))


def _expanded(
    app: FastAPI, path: str, dependant: Dependant | None
) -> Iterator[tuple[str, tuple[Allow | SignedIn | Public, ...]]]:
    """Yield a route's path and rules; one for every resource where the resource decides."""
    if "{resource}" not in path or dependant is None:
        yield path, _rules_in(dependant)
        return
    own = _rules_in(dependant)
    deciding = [one for one in _calls(dependant) if isinstance(one, AllowRecords)]
    for name in app.state.ports.resources:
        decided = [rule for one in deciding for at, rule in one.rules(app.state.ports) if at == name]
        yield path.replace("{resource}", name), (*decided, *own)


def _rules_in(dependant: Dependant | None) -> tuple[Allow | SignedIn | Public, ...]:
    return (Public(),) if dependant is None else tuple(dict.fromkeys(_declared(dependant)))


def _declared(dependant: Dependant) -> Iterator[Allow | SignedIn | Public]:
    for call in _calls(dependant):
        if isinstance(call, Allow | SignedIn | Public):
            yield call


def _calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)


def _words(rule: Allow | SignedIn | Public) -> str:
    if isinstance(rule, Allow):
        least = LEAST_ROLE.get(rule.permission)
        return f"{rule.permission} ({least or 'everybody'})"
    return "signed in" if isinstance(rule, SignedIn) else "public"
