"""What can go wrong, said once. No HTTP here: `engine/api` and `ui` each have one table from these to answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.core.i18n import Message, _


class AgoraError(Exception):
    """An expected refusal: one sentence that names what, which value, and what to do."""

    def __init__(self, message: Message | str, **values: Any) -> None:
        self.message: Message | str = message.having(**values) if isinstance(message, Message) else message
        super().__init__(str(self.message))


def told(error: BaseException) -> Message | str:
    """Return what went wrong: the sentence of a refusal; of what nobody expected also its kind, for whoever looks."""
    return error.message if isinstance(error, AgoraError) else f"{type(error).__name__}: {error}"


class NotFound(AgoraError):
    """The thing is not there, or not for this actor."""


class NotAllowed(AgoraError):
    """The actor is known (or a stranger) and may not do this. `locked_seconds`: a lockout's time left."""

    def __init__(self, message: Message | str, *, locked_seconds: int | None = None, **values: Any) -> None:
        self.locked_seconds = locked_seconds
        super().__init__(message, **values)


class StepOwed(NotAllowed):
    """The actor is one of the staff, and must set up a second step before anything else."""


class NotSignedIn(AgoraError):
    """The act needs somebody signed in, or the credentials were wrong."""


class Conflict(AgoraError):
    """The state does not allow it. `details` is what a program needs to know, such as what is short."""

    def __init__(self, message: Message | str, *, details: Sequence[Mapping[str, Any]] = (), **values: Any) -> None:
        self.details = list(details)
        super().__init__(message, **values)


class Invalid(AgoraError):
    """Input that cannot be taken: `fields` maps a field's wire name (dotted) to what is wrong and what to do."""

    def __init__(
        self, message: Message | str, fields: Mapping[str, Message | str] | None = None, **values: Any
    ) -> None:
        self.fields: dict[str, Message | str] = dict(fields or {})
        super().__init__(message, **values)


class KeyReused(AgoraError):
    """An idempotency key came back with another request."""


class TooMany(AgoraError):
    """A rate limit was reached; `retry_after` seconds until it opens again."""

    def __init__(self, message: Message | str, *, retry_after: int, **values: Any) -> None:
        self.retry_after = retry_after
        super().__init__(message, **values)


class Unavailable(AgoraError):
    """An outside service or part of the house does not answer now; trying later helps."""


class Failing(Unavailable):
    """The ground of the house does not bear it just now. Strangers are asked to try again; `cause` is for staff."""

    def __init__(self, cause: Message) -> None:
        super().__init__(_("Something we need does not answer right now. Try again in a minute."))
        self.args = (str(cause),)  # what the log and a job that failed say
        self.cause = cause


def told_to_staff(error: AgoraError) -> Message | str:
    """Return what whoever looks after the house reads of an error."""
    return error.cause if isinstance(error, Failing) else error.message
