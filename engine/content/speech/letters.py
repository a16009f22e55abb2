"""Letters about voices: declared with the names of their values, and sent with a link that stops them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.content.speech import wishes
from engine.content.speech.voices import Voices
from engine.core.domain import EmailTemplate, LetterKind
from engine.core.i18n import Message
from engine.core.transaction import Tx
from engine.messaging import public as messaging

STOP = "/unsubscribe/example/example/example"


def letter(
    key: str, title: Message, names: Mapping[str, Message], example: Mapping[str, Any], *needs: str
) -> EmailTemplate:
    """Return a letter. names: of all values that letters of its kind know; it bears those of its example."""
    own = {name: said for name, said in names.items() if name.partition(".")[0] in example}
    return EmailTemplate(key, title, example, LetterKind.VOICES, own, needs)


async def send(
    tx: Tx, voices: Voices, template: str, topic: str, address: str, values: Mapping[str, Any], about: UUID
) -> None:
    """Write to an address, unless its owner wants no letters on the topic."""
    if await wishes.wish(tx, topic, address) is False:
        return
    told = {**values, "unsubscribe_url": wishes.stop_link(voices.secrets, topic, address)}
    locale = voices.site.general.language
    await messaging.send(tx, template=template, to=address, values=told, locale=locale, about=about)
