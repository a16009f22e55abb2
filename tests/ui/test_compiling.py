"""What our compiling of templates writes is what Jinja's own writes, and what it refuses is refused."""

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, select_autoescape
from markupsafe import Markup

from ui.markup import attributes_in
from ui.templates import environment

HOSTILE = """<script>alert("1")</script>' & \x00 \u202e"""
VALUES = {
    "text": HOSTILE,
    "safe": Markup("<b>bold</b>"),
    "number": 3,
    "half": 0.5,
    "none": None,
    "yes": True,
    "many": ["<i>", "x"],
    "pairs": {"<k>": HOSTILE},
    "call": lambda *args, **named: f"<{args}{sorted(named.items())}>",
}
SAID = [
    "{{ text }} {{ safe }} {{ number }} {{ half }} {{ none }} {{ yes }} {{ many }} {{ pairs }}",
    "{{ text ~ safe }} {{ safe ~ text }} {{ text + 'x' }} {{ [text, safe]|join(' ') }}",
    "{{ text if yes }}{{ text if none }}{{ 'a' if none else text }}",
    "{{ call(text, number, more=text) }} {{ call(*many, **{'x': 1}) }} {{ text.upper() }} {{ pairs['<k>'] }}",
    "{% set kept %}{{ text }}<br>{% endset %}{{ kept }} {% for one in many %}{{ loop.index }}{{ one }}{% endfor %}",
    "{% macro m(a, b='<', c=0) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(text) }}{{ m(text, safe) }}{{ m(c=3, a=1) }}",
    "{% macro m(a) %}[{{ a }}{{ caller() }}]{% endmacro %}{% call m(text) %}{{ text }}<hr>{% endcall %}",
    "{% macro m(a) %}{{ caller(a, 1) }}{% endmacro %}{% call(x, y) m(text) %}{{ x }}{{ y }}{% endcall %}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, text, z=text) }}",
    "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(text) }}{{ m(text)|upper }}{{ (m(text) ~ text) }}",
    '<p{{ {"class": "a & <b>", "hidden": true, "data-n": 3, "hx-target": "#one"|lower}|attributes }}></p>',
    '<p{{ {"class": text, "hidden": yes, "title": none, "data-n": number}|attributes }}></p>',
    '<p{{ {"class": "a & <b>"}|attributes if yes }}{{ "<a>"|lower if none else "b" }}{{ "a"|upper if yes else "b" }}>',
    '<p{{ {"class": "a" if yes, "id": text if none}|attributes }}{{ ({"title": text} if yes else none)|attributes }}>',
]
REFUSED = [
    "{{ absent }}",
    "{{ absent.more }}",
    "{{ pairs.absent }}",
    '<p{{ {"class": absent}|attributes }}>',
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}",
    "{% macro m(a) %}{{ a }}{{ caller() }}{% endmacro %}{{ m(1) }}",
    '<p{{ {"onclick": text}|attributes }}>',
    '<p{{ {"style": text}|attributes }}>',
]


@pytest.fixture(scope="module")
def plain() -> Environment:
    """Jinja's own, with the same settings."""
    made = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    made.filters["attributes"] = attributes_in("en")
    return made


@pytest.mark.parametrize("source", SAID)
def test_it_writes_what_jinja_writes(plain: Environment, source: str) -> None:
    written = environment("en", "UTC").from_string(source).render(VALUES)
    assert written == plain.from_string(source).render(VALUES)
    assert "<script" not in written


@pytest.mark.parametrize("source", REFUSED)
def test_it_refuses_what_jinja_refuses(plain: Environment, source: str) -> None:
    for one in (plain, environment("en", "UTC")):
        with pytest.raises((UndefinedError, TypeError, ValueError)):
            one.from_string(source).render(VALUES)
