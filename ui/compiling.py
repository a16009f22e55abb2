"""Templates compiled to do less at each drawing: macros that are functions, one that writes values, attributes apart.

Jinja's own code asks of every call whether it wants the context, and wraps what it writes in Markup piece by piece.
Nothing that our templates call wants the context. A page is about four hundred calls and pieces.
"""

import io
import re
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined]  # escapes without wrapping it in Markup

from engine.core.i18n import Message, format_message
from ui.markup import check_name

ATTRIBUTES, ATTRIBUTE = "attributes", "attribute"
_HANDED_ON = re.compile(
    r"yield from ((?:parent_template\.root_render_func|context\.blocks\['\w+'\]\[0\])\([^\n]*\))$", re.MULTILINE
)


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

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        #: Of each value that is being written, whether it stands as it is: visiting it may fold what it is made of.
        self._stands: list[bool] = []

    def write_commons(self) -> None:
        """Name what is used all the time."""
        super().write_commons()
        self.writeline("written = environment.written")
        self.writeline("attribute_of = environment.getattr")
        self.writeline("marked, named, nobody = environment.marked, environment.named, environment.nobody")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write a macro as a function that Python itself gives its arguments; what takes any of them stays Jinja's."""
        names = [one.name for one in macro_ref.node.args]
        takes_any = macro_ref.accesses_kwargs or macro_ref.accesses_varargs
        if takes_any or "caller" in names or any(map(iskeyword, names)) or not is_escaped(frame):
            super().macro_def(macro_ref, frame)
            return
        asked, given = [*(f"{name}=missing" for name in names), "*", "macro_=macro"], names
        if macro_ref.accesses_caller:
            asked, given = [*asked, "caller=None"], [*names, "nobody if caller is None else caller"]
        function = f"lambda {', '.join(asked)}: marked(Markup, macro_({', '.join(given)}))"
        name = getattr(macro_ref.node, "name", None)
        self.write(f"named({name!r}, {function})" if name else f"({function})")

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
        if not is_escaped(frame):
            super()._output_child_pre(node, frame, finalize)
            return
        self._stands.append(_is_written(node))
        if not self._stands[-1]:
            self.write("written(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not is_escaped(frame):
            super()._output_child_post(node, frame, finalize)
        elif not self._stands.pop():
            self.write(")")


def in_pieces(code: str) -> str:
    """Return a template's Python with each block handed on whole, not piece by piece through all that it stands in."""
    return _HANDED_ON.sub(r"yield concat(\1)", code)


def is_escaped(frame: Frame) -> bool:
    """Return whether what is written here is escaped, and that is known while compiling."""
    return bool(frame.eval_ctx.autoescape and not frame.eval_ctx.volatile)


def named(name: str, function: Callable[..., str]) -> Callable[..., str]:
    """Return a macro's function under the macro's name: Python says it where arguments are wrong."""
    function.__qualname__ = function.__name__ = name
    return function


def _is_attribute(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Filter) and node.name == ATTRIBUTE


def _is_written(node: nodes.Expr) -> bool:
    """Return whether a value can stand in a page as it is: an attribute, or one of two plain texts."""
    if isinstance(node, nodes.CondExpr):
        return _is_plain(node.expr1) and _is_plain(node.expr2)
    return _is_attribute(node)


def _is_plain(node: nodes.Expr | None) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str) and escape(node.value) == node.value
