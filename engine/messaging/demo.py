"""The demo's letters: written, rendered, kept in the outbox, and never sent."""

from collections.abc import Awaitable, Callable

from sqlalchemy import delete, select

from engine.core.demo import DemoItem, DemoPart, Making, Removing, batches
from engine.core.settings import SettingsStore
from engine.messaging import rules
from engine.messaging.models import Message, MessageStatus
from engine.messaging.ports import Renderer

#: How many are rendered in one short transaction.
AT_ONCE = 25


def part(settings: SettingsStore, renderer: Renderer) -> DemoPart:
    """Return what messaging adds."""
    return DemoPart(finish=_keep(settings, renderer), remove=remove)


def _keep(settings: SettingsStore, renderer: Renderer) -> Callable[[Making], Awaitable[None]]:
    waiting = (
        select(Message)
        .where(Message.status == MessageStatus.QUEUED, Message.about.in_(select(DemoItem.thing)))
        .order_by(Message.id)
        .limit(AT_ONCE)
    )

    async def keep(making: Making) -> None:
        """Render what the story wrote; no job of its past would."""
        while True:
            async with making.past(making.now) as tx:
                letters = list(await tx.scalars(waiting))
                for letter in letters:
                    rendered = renderer.render(letter.template, letter.contents, settings.site, letter.locale)
                    letter.subject = rules.one_line(rendered.subject)
                    letter.html, letter.text = rendered.html, rendered.text
                    letter.sender = str(rules.sender_of(settings.site))[:560]
                    letter.sent_to, letter.provider = letter.recipient, rules.OUTBOX
                    letter.status, letter.job_id = MessageStatus.KEPT, None
            if not letters:
                return

    return keep


async def remove(removing: Removing) -> None:
    """Take away the letters about what is the demo's."""
    for things in removing.things.values():
        for batch in batches(things):
            async with removing.db.write() as tx:
                await tx.execute(delete(Message).where(Message.about.in_(batch)))
