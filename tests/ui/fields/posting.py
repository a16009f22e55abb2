"""Forms as browsers post them, and what fields make of them."""

from typing import Any

import pytest
from starlette.datastructures import FormData

from engine.core.errors import Invalid
from ui.fields import FieldView
from ui.fields.parsing import parse, shown


def field(widget: str, **more: Any) -> FieldView:
    return FieldView("it", "It", widget, **more)


def form(*pairs: tuple[str, Any], **values: Any) -> FormData:
    return FormData([*pairs, *values.items()])


def read(view: FieldView, text: Any, **more: Any) -> Any:
    """Return what the field reads from this text."""
    return parse(view, form(it=text), **more)


def refused(view: FieldView, data: FormData | str, path: str = "it", **more: Any) -> str:
    """Return the sentence that names the field; fails where nothing is refused."""
    with pytest.raises(Invalid) as caught:
        parse(view, data if isinstance(data, FormData) else form(it=data), **more)
    assert list(caught.value.fields) == [path]
    return str(caught.value.fields[path])


def attempted(view: FieldView, data: FormData) -> dict[str, Any]:
    """Return what is refused, by name: nothing where the value is read, and shown again."""
    try:
        shown(view, parse(view, data))
    except Invalid as error:
        return error.fields
    return {}
