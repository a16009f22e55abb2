"""Templates compiled to do less at each drawing: plain calls, one function that writes values, attributes one by one.

Jinja's own code asks of every call whether it wants the context, and wraps what it writes in Markup piece by piece.
Nothing that our templates call wants the context. A page is about four hundred calls and pieces.
"""

import io
from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined]  # escapes without wrapping it in Markup

from engine.core.i18n import Message, format_message
from ui.markup import check_name

_new = str.__new__
ATTRIBUTES, ATTRIBUTE = "attributes", "attribute"


def writer(locale: str) -> Callable[[Any], str]:
    """Return what writes a value into a page of this language, escaped unless it is Markup."""

    def written(value: Any) -> str:
        kind = type(value)
        if kind is str:
            plain: str = escaped(value)
            return plain
        if kind is Markup:
            safe: str = value
            return safe
        if kind is Message:
            return written(format_message(value, locale))
        return str(value) if kind is int else escape(value)

    return written


def attribute_in(locale: str) -> Callable[[Any, str, str], str]:
    """Return what writes one attribute: nothing for None and False, `bare` for True, else `opening`, the value, `"`."""
    written = writer(locale)

    def attribute(value: Any, opening: str, bare: str) -> str:
        if value is None or value is False:
            return ""
        return bare if value is True else f'{opening}{written(value)}"'

    return attribute


class QuickMacro(Macro):
    """A macro that takes its arguments in their places; whatever is wrong with them, Jinja's own says."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._places = {name: place for place, name in enumerate(self.arguments)}
        self._uncalled = self._environment.undefined("No caller defined", name="caller")
        self._none = (missing,) * self._argument_count
        self._is_simple = not (self.catch_kwargs or self.catch_varargs or self.explicit_caller)

    def __call__(self, *args: Any, **named: Any) -> str:
        """Return what the macro writes."""
        count = len(args)
        if not self._is_simple or count > self._argument_count or (args and type(args[0]) is EvalContext):
            return super().__call__(*args, **named)
        taken = [*args, *self._none[count:]]
        caller = named.get("caller", missing) if self.caller else missing
        for name, value in named.items():
            place = self._places.get(name, -1)
            if place >= count:
                taken[place] = value
            elif value is not caller:
                return super().__call__(*args, **named)
        if self.caller:
            taken.append(self._uncalled if caller is missing or caller is None else caller)
        found = self._func(*taken)
        return _new(Markup, found) if self._default_autoescape else found


class Attributes(NodeTransformer):
    """Takes `{"class": x, "href": y}|attributes` apart, so that each is written by itself and none is looked up."""

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 - as Jinja calls it
        self.generic_visit(node)
        node.nodes = [part for child in node.nodes for part in self._parts(child)]
        return node

    def _parts(self, child: nodes.Expr) -> list[nodes.Expr]:
        if isinstance(child, nodes.CondExpr) and child.expr2 is None:
            child.expr2 = nodes.Const("")
        if not isinstance(child, nodes.Filter) or child.name != ATTRIBUTES or not isinstance(child.node, nodes.Dict):
            return [child]
        names = [pair.key.value for pair in child.node.items if isinstance(pair.key, nodes.Const)]
        if len(names) < len(child.node.items):
            return [child]
        return [self._one(name, pair.value) for name, pair in zip(names, child.node.items, strict=True)]

    def _one(self, name: str, value: nodes.Expr) -> nodes.Expr:
        check_name(name)
        line: dict[str, int] = {"lineno": value.lineno}
        given: list[nodes.Expr] = [nodes.Const(f' {name}="', **line), nodes.Const(f" {name}", **line)]
        return nodes.Filter(value, ATTRIBUTE, given, [], None, None, **line)


def left_to_drawing(template: nodes.Template, names: frozenset[str]) -> None:
    """Have these filters run at each drawing, of what never changes too: what is compiled is kept for all languages."""
    for one in template.find_all(nodes.Filter):
        if one.name in names:
            one.as_const = _impossible  # type: ignore[method-assign]


def _impossible(*_given: object) -> Any:
    raise nodes.Impossible


class QuickCode(CodeGenerator):
    """Writes the Python of a template."""

    def write_commons(self) -> None:
        """Name what is used all the time."""
        super().write_commons()
        self.writeline("written = environment.written")
        self.writeline("attribute_of = environment.getattr")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write a macro's definition."""
        del frame
        names = "".join(f"{one.name!r}, " for one in macro_ref.node.args)
        said = (macro_ref.accesses_kwargs, macro_ref.accesses_varargs, macro_ref.accesses_caller)
        name = getattr(macro_ref.node, "name", None)
        flags = ", ".join(str(one) for one in said)
        self.write(f"environment.macro(environment, macro, {name!r}, ({names}), {flags}, context.eval_ctx.autoescape)")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802 - Jinja's
        """Write a call as Python's own."""
        self.visit(node.node, frame)
        around, self.stream = self.stream, io.StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        given, self.stream = self.stream.getvalue(), around
        self.write(f"({given.removeprefix(', ')})")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Write a look at an attribute."""
        self.write("attribute_of(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        if _is_attribute(node):
            return str(node.as_const(frame.eval_ctx))  # whole with its quotes, and its value escaped already
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        elif not _is_attribute(node):
            self.write("written(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        elif not _is_attribute(node):
            self.write(")")


def _is_attribute(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Filter) and node.name == ATTRIBUTE
