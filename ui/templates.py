"""Templates rendered for one reader: an environment a locale and zone, `ui` components, `widget`s, blocks for htmx."""

from collections.abc import Callable, MutableMapping
from dataclasses import fields
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, Undefined, nodes, select_autoescape

from engine.core.i18n import Message, format_message, ngettext, words
from ui.around import Around
from ui.assets import asset_url
from ui.compiling import ATTRIBUTE, Attributes, QuickCode, attribute_in, in_pieces, left_to_drawing, named, writer
from ui.components import MACROS
from ui.drawings import drawing
from ui.fields.drawing import Widgets
from ui.formats import Formats
from ui.kept import Kept
from ui.markup import attributes_in, dom_id, icon
from ui.page import PageContext
from ui.storefront.forms_shown import embedded

FOLDER = Path(__file__).parent


class QuickEnvironment(Environment):
    """Jinja's environment with code of ours."""

    code_generator_class = QuickCode
    #: What its code calls: what makes text Markup, and what names a macro.
    marked, named = staticmethod(str.__new__), staticmethod(named)
    #: Writes a value into a page.
    written: Callable[[Any], str]
    #: Filters that write as the reader's language does.
    of_language: frozenset[str] = frozenset()
    #: Stands for the caller of a macro that was called without one.
    nobody: Undefined

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return a template's names in one dictionary: Jinja's chain of two is slow to ask, at every import."""
        return {**self.globals, **(d or {})}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        found: nodes.Template = Attributes().visit(super()._parse(source, name, filename))
        left_to_drawing(found, self.of_language)
        return found

    def _generate(self, source: nodes.Template, name: str | None, *given: Any, **named: Any) -> str:
        return in_pieces(super()._generate(source, name, *given, **named))


class Components:
    """Every component's macro as an attribute: `ui.button(...)`. Templates need no imports, so blocks render alone."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., str]:
        if name not in MACROS:
            raise AttributeError(f"There is no component “{name}”. ui/components/README.md lists them.")
        macro: Callable[..., str] = getattr(self._environment.get_template(f"components/{MACROS[name]}").module, name)
        setattr(self, name, macro)
        return macro


@lru_cache(maxsize=16)
def environment(locale: str, timezone: str) -> Environment:
    """Return the environment that writes in this language and time zone."""

    def translate(text: str | Message, **values: Any) -> str:
        if type(text) is str and not values:
            return words(text, locale)
        message = text if isinstance(text, Message) else Message(text)
        return format_message(message.having(**values) if values else message, locale)

    def translate_plural(singular: str, plural: str, count: int, **values: Any) -> str:
        return format_message(ngettext(singular, plural, count).having(**values), locale)

    def finalize(value: Any) -> Any:
        return format_message(value, locale) if isinstance(value, Message) else value

    made = QuickEnvironment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=Kept(),
    )
    formats = Formats.of(locale, timezone).filters()
    made.filters.update(formats)
    made.of_language = frozenset(formats)
    made.written = writer(locale)
    made.nobody = made.undefined("No caller defined", name="caller")
    made.filters[ATTRIBUTE] = attribute_in(locale)
    made.filters["attributes"] = attributes_in(locale)
    made.filters["merged"] = lambda one, other: {**one, **other}
    made.globals.update(
        {
            "_": translate,
            "gettext": translate,
            "ngettext": translate_plural,
            "asset_url": asset_url,
            "icon": icon,
            "dom_id": dom_id,
            "drawing": drawing,
            "attrs": made.filters["attributes"],
            "ui": Components(made),
            "around": Around(made),
            "form_at_first": embedded,
            "widget": Widgets(made, locale),
            "locale": locale,
        }
    )
    return made


def render(template: str, context: object, page: PageContext) -> str:
    """Return a whole page. The context's fields are the template's names; `page` is its frame."""
    return _environment_of(page).get_template(template).render(_names(context, page))


def render_block(template: str, block: str, context: object, page: PageContext) -> str:
    """Return one block of a page, for a request that htmx made."""
    found = _environment_of(page).get_template(template)
    if block not in found.blocks:
        raise KeyError(f"{template} has no block “{block}”; it has {', '.join(found.blocks)}.")
    return "".join(found.blocks[block](found.new_context(_names(context, page))))


def template_for(page: PageContext, name: str) -> Template:
    """Return a template that is no page of its own, in the language of the page around it."""
    return _environment_of(page).get_template(name)


def _environment_of(page: PageContext) -> Environment:
    return environment(page.locale, page.timezone)


def _names(context: object, page: PageContext) -> dict[str, Any]:
    return {"page": page, **{name: getattr(context, name) for name in _fields_of(type(context))}}


@cache
def _fields_of(context: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(context))
