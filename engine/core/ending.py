"""Ending tasks for good: what they wait for may swallow that they are to end."""

import asyncio
from contextlib import suppress
from typing import Any

#: How long a task may take to end before it is told once more.
AGAIN_SECONDS = 1.0


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks, and return once all of them are over; how they ended is nobody's concern.

    A driver whose server goes away in the same moment raises that it is away in the place of the cancellation, and a
    loop that takes it for any other error would go on for ever.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _over, pending = await asyncio.wait(pending, timeout=AGAIN_SECONDS)
    for task in tasks:
        with suppress(asyncio.CancelledError):
            task.exception()
