"""What people write letters in: text with `{{ names }}`, `{% if %}` and `{% for %}`. It is read, never run.

Jinja reads it into a tree; what is not on the short list here is refused by its line. No call, attribute, filter or sum
of anything exists, loops do not nest, and what comes out is bounded: there is nothing to break out of.
"""

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from engine.core.errors import Invalid
from engine.core.i18n import Message, _

MOST_WRITTEN = 20_000
MOST_EXPANDED = 200_000
MOST_NESTED = 20
_reader = Environment(autoescape=False, keep_trailing_newline=True)  # noqa: S701 - it only reads; nothing is rendered by it
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"eq": eq, "ne": ne, "gt": gt, "gteq": ge, "lt": lt, "lteq": le}
)
_KNOWN = _("“{name}” is nothing that this letter knows. {remedy}")
_FOREIGN = _("Only {{ names }}, {% if … %} and {% for … in … %} are understood here.")


@dataclass(frozen=True, slots=True)
class Names:
    """What a letter may mention. rows: the parts of each list's rows, by the list's name."""

    plain: Collection[str]
    rows: Mapping[str, Collection[str]] = field(default_factory=dict)


@lru_cache(maxsize=128)
def _tree(source: str) -> nodes.Template:
    return _reader.parse(source)


def read(source: str, where: str, names: Names | None = None) -> nodes.Template:
    """Return the text as a tree. where: the field's wire name; names: what may be mentioned, None for anything.

    Raises Invalid naming the field, the line and what to do.
    """
    if len(source) > MOST_WRITTEN:
        raise wrong(where, 0, _("It is longer than {most} characters. Shorten it.").having(most=MOST_WRITTEN))
    try:
        tree = _tree(source)
        _Check(where, names).body(tree.body, {}, 0)
    except TemplateSyntaxError as error:
        raise wrong(where, error.lineno, _misspelt(str(error.message))) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise wrong(where, 0, _("It is nested too deeply to be read. Make it simpler.")) from error
    return tree


def _misspelt(detail: str) -> Message:
    """Return in plain words what the reader stumbled over. detail: its own words."""
    for name in ("for", "if"):
        if f"'end{name}'" in detail:
            return _("{{% {name} … %}} is not closed: write {{% end{name} %}} where it ends.").having(name=name)
    return _("Something between {{ }} or {% %} is misspelt here, or not closed.")


def wrong(where: str, line: int, said: Message) -> Invalid:
    """Return the refusal of a field's text; line 0 is all of it."""
    text = _("Line {line}: {said}").having(line=line, said=said) if line else said
    return Invalid(text, {where: text})


@dataclass(frozen=True, slots=True)
class _Check:
    """Whether a tree holds only what is understood. loops: the parts that a loop's name has, by that name."""

    where: str
    names: Names | None

    def body(self, body: list[nodes.Node], loops: Mapping[str, Collection[str] | None], depth: int) -> None:
        if depth > MOST_NESTED:
            raise RecursionError
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        if not isinstance(part, nodes.TemplateData):
                            self.value(part, loops)
                case nodes.If():
                    self.test(node.test, loops, 0)
                    for branch in ([*node.body], [*node.elif_], [*node.else_]):
                        self.body(branch, loops, depth + 1)
                case nodes.For(target=nodes.Name(), iter=nodes.Name(), test=None, recursive=False) if not loops:
                    self.loop(node, depth)
                case nodes.For() if loops:
                    raise wrong(self.where, node.lineno, _("One loop cannot stand in another. Take one out."))
                case _:
                    raise wrong(self.where, node.lineno, _FOREIGN)

    def loop(self, node: nodes.For, depth: int) -> None:
        listed: Any = node.iter
        target: Any = node.target
        self.value(listed, {})
        parts = None if self.names is None else self.names.rows.get(listed.name)
        if self.names is not None and parts is None:
            known = ", ".join(self.names.rows) or "–"
            said = _("“{name}” is no list that could be gone through. Lists are: {known}.")
            raise wrong(self.where, node.lineno, said.having(name=listed.name[:60], known=known))
        self.body([*node.body, *node.else_], {target.name: parts}, depth + 1)

    def test(self, node: nodes.Node, loops: Mapping[str, Collection[str] | None], depth: int) -> None:
        if depth > MOST_NESTED:
            raise RecursionError
        match node:
            case nodes.Not():
                self.test(node.node, loops, depth + 1)
            case nodes.And() | nodes.Or():
                self.test(node.left, loops, depth + 1)
                self.test(node.right, loops, depth + 1)
            case nodes.Compare(ops=[operand]) if operand.op in _COMPARE:
                self.test(node.expr, loops, depth + 1)
                self.test(operand.expr, loops, depth + 1)
            case nodes.Const():
                pass
            case _:
                self.value(node, loops)

    def value(self, node: nodes.Node, loops: Mapping[str, Collection[str] | None]) -> None:
        match node:
            case nodes.Name(name=name) if name in loops:
                pass
            case nodes.Name(name=name):
                if self.names is not None:
                    self._known(name, self.names.plain, node.lineno)
            case nodes.Getattr(node=nodes.Name(name=name), attr=part) if name in loops:
                parts = loops[name]
                if parts is not None:
                    self._known(part, parts, node.lineno)
            case _:
                raise wrong(self.where, node.lineno, _FOREIGN)

    def _known(self, name: str, known: Collection[str], line: int) -> None:
        if name in known:
            return
        near = difflib.get_close_matches(name, known, 1)
        remedy = (
            _("Did you mean “{near}”?").having(near=near[0]) if near else _("The names that it knows stand beside it.")
        )
        raise wrong(self.where, line, _KNOWN.having(name=name[:60], remedy=remedy))


@dataclass(frozen=True, slots=True)
class Expansion:
    """A tree filled with values. put: what stands in the text for a value, by its name."""

    values: Mapping[str, Any]
    put: Callable[[str, Any], str]
    is_strict: bool

    def of(self, tree: nodes.Template, where: str) -> str:
        """Return the text. Raises Invalid where it grows beyond any letter."""
        written, length = [], 0
        for piece in self._body(tree.body, {}):
            written.append(piece)
            length += len(piece)
            if length > MOST_EXPANDED:
                said = _("Filled in, it is longer than {most} characters. Shorten it.")
                raise wrong(where, 0, said.having(most=MOST_EXPANDED))
        return "".join(written)

    def _body(self, body: list[nodes.Node], row: Mapping[str, Any]) -> Iterator[str]:
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        yield part.data if isinstance(part, nodes.TemplateData) else self._put(part, row)
                case nodes.If():
                    yield from self._body(self._branch(node, row), row)
                case nodes.For(target=nodes.Name(name=target), iter=nodes.Name() as listed):
                    found = self._value(listed, row)
                    rows = found if isinstance(found, list | tuple) else []
                    for one in rows:
                        yield from self._body([*node.body], {target: one})
                    if not rows:
                        yield from self._body([*node.else_], {})

    def _branch(self, node: nodes.If, row: Mapping[str, Any]) -> list[nodes.Node]:
        for one in (node, *node.elif_):
            if self._test(one.test, row):
                return [*one.body]
        return [*node.else_]

    def _test(self, node: nodes.Node, row: Mapping[str, Any]) -> Any:
        match node:
            case nodes.Not():
                return not self._test(node.node, row)
            case nodes.And():
                return self._test(node.left, row) and self._test(node.right, row)
            case nodes.Or():
                return self._test(node.left, row) or self._test(node.right, row)
            case nodes.Compare(ops=[operand]):
                return self._compared(operand.op, self._test(node.expr, row), self._test(operand.expr, row))
            case nodes.Const():
                return node.value
            case _:
                return self._value(node, row)

    @staticmethod
    def _compared(how: str, left: Any, right: Any) -> bool:
        try:
            return _COMPARE[how](left, right)
        except TypeError:
            return False

    def _put(self, node: nodes.Node, row: Mapping[str, Any]) -> str:
        name = node.attr if isinstance(node, nodes.Getattr) else getattr(node, "name", "")
        return self.put(name, self._value(node, row))

    def _value(self, node: nodes.Node, row: Mapping[str, Any]) -> Any:
        match node:
            case nodes.Name(name=name) if name in row:
                return row[name]
            case nodes.Getattr(node=nodes.Name(name=name), attr=part):
                one = row.get(name)
                return one.get(part) if isinstance(one, Mapping) else None
            case nodes.Name(name=name):
                if self.is_strict and name not in self.values:
                    raise wrong("body", node.lineno, _KNOWN.having(name=name, remedy=""))
                return self.values.get(name)
            case _:
                return None
