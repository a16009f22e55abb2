"""Forms as browsers send them: texts by name, and what was wrong with them by name."""

from collections.abc import Mapping

from fastapi import Request

from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message

Errors = Mapping[str, Message | str]


async def typed(request: Request) -> dict[str, str]:
    """Return the texts of a form, as they were typed."""
    form = await request.form()
    return {name: value.replace("\x00", "") for name, value in form.items() if isinstance(value, str)}


def errors_of(error: AgoraError) -> dict[str, Message | str]:
    """Return what to show: by field where fields are named, else for the whole form."""
    if isinstance(error, Invalid) and error.fields:
        return error.fields
    return {"": error.message}
