"""The words that come with each message, in a language: the files in `messages/`, as people would write them.

A file begins with `Subject:` and `Preview:`. `<< _("…") >>` is translated; a `{name}` in it stands for the value of
that name, so that what people find in the editor is `{{ name }}`.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.core.errors import NotFound
from engine.core.i18n import Message, _, format_message, ngettext
from engine.messaging.ports import Wording

FOLDER = Path(__file__).parent
MESSAGES = FOLDER / "messages"
FEW, MANY = 1, 5
_key = re.compile(r"[a-z][a-z_]*")
_place = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=256)
def wording_of(key: str, locale: str) -> Wording:
    """Return the words of a message as they come. Raises NotFound for one that does not exist."""
    if not _key.fullmatch(key) or not (MESSAGES / f"{key}.jinja").is_file():
        raise NotFound(_("There is no e-mail template “{template}”."), template=key)
    text = _environment(locale).get_template(f"{key}.jinja").render()
    subject, preheader, body = text.split("\n", 2)
    return Wording(
        subject=subject.removeprefix("Subject:").strip(),
        preheader=preheader.removeprefix("Preview:").strip(),
        body=body.strip() + "\n",
    )


@cache
def _environment(locale: str) -> Environment:
    def translate(text: str, **values: str) -> str:
        places = {name: f"{{{{ {name} }}}}" for name in _place.findall(text)}
        return format_message(Message(text, {**places, **values}), locale)

    def translate_plural(singular: str, plural: str, count: int, name: str) -> str:
        return format_message(ngettext(singular, plural, count).having(count=f"{{{{ {name} }}}}"), locale)

    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(MESSAGES),
        autoescape=False,
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        auto_reload=False,
    )
    made.globals |= {"_": translate, "ngettext": translate_plural, "few": FEW, "many": MANY}
    return made
