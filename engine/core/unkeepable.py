"""The last word on values that a database cannot keep: refused as input, whichever door they came by."""

import logging

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DataError

from engine.core.errors import Invalid
from engine.core.i18n import _

log = logging.getLogger("agora.database")


def refuse_unkeepable(engine: Engine) -> None:
    """Have the engine raise Invalid for a number that is too large, a text too long, or one with U+0000 in it.

    Verbs name the field and its limit; what they overlook is the sender's mistake still, not ours.
    """

    @event.listens_for(engine, "handle_error")
    def refuse(context: ExceptionContext) -> None:
        found = context.original_exception
        if isinstance(found, UnicodeEncodeError | OverflowError) or isinstance(context.sqlalchemy_exception, DataError):
            log.warning("a value was refused by the database only: %s", type(found).__name__)
            raise Invalid(_("One of these values is too large or too long, or holds what cannot be kept.")) from found
