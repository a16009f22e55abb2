"""One table from the engine's errors to RFC 9457 problem+json."""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from engine.core import errors
from engine.core.i18n import format_message
from engine.core.validation import path_of, sentence

STATUS: tuple[tuple[type[errors.AgoraError], int, str], ...] = (
    (errors.NotSignedIn, 401, "Sign in first"),
    (errors.NotAllowed, 403, "Not allowed"),
    (errors.NotFound, 404, "Not found"),
    (errors.KeyReused, 422, "Idempotency key used before"),
    (errors.Conflict, 409, "Conflict"),
    (errors.Invalid, 422, "Invalid input"),
    (errors.TooMany, 429, "Too many requests"),
    (errors.Unavailable, 503, "Unavailable"),
)
_PLACES = {"body", "query", "path", "header", "cookie"}


def status_of(error: errors.AgoraError) -> tuple[int, str]:
    """Return the HTTP status and title of an expected error."""
    return next(((status, title) for kind, status, title in STATUS if isinstance(error, kind)), (400, "Refused"))


def problem(
    request: Request, status: int, title: str, detail: str, listed: list[dict[str, Any]], headers: dict[str, str]
) -> JSONResponse:
    """Return a problem answer."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "requestId": getattr(request.state, "request_id", None),
        "errors": listed,
    }
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def locale_of(request: Request) -> str:
    """Return the language the site speaks."""
    language: str = request.app.state.ports.site.general.language
    return language


async def on_agora_error(request: Request, error: Exception) -> JSONResponse:
    """Answer an expected refusal."""
    assert isinstance(error, errors.AgoraError)  # noqa: S101 - registered for nothing else
    status, title = status_of(error)
    locale = locale_of(request)
    listed: list[dict[str, Any]] = []
    headers: dict[str, str] = {}
    match error:
        case errors.Invalid():
            listed = [{"field": k, "message": format_message(m, locale)} for k, m in error.fields.items()]
        case errors.Conflict():
            listed = [dict(detail) for detail in error.details]
        case errors.TooMany():
            headers["Retry-After"] = str(error.retry_after)
        case errors.NotAllowed() if error.locked_seconds is not None:
            headers["Retry-After"] = str(error.locked_seconds)
        case errors.NotSignedIn():
            headers["WWW-Authenticate"] = "Bearer"
    return problem(request, status, title, format_message(error.message, locale), listed, headers)


async def on_bad_request(request: Request, error: Exception) -> JSONResponse:
    """Answer input that does not fit its schema, naming each field, its value and the remedy."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    locale = locale_of(request)
    listed = []
    for found in error.errors():
        place = tuple(found["loc"])
        path = path_of(place[1:] if place and place[0] in _PLACES else place)
        listed.append({"field": path, "message": format_message(sentence(found), locale)})
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in listed[:5])
    return problem(request, 422, "Invalid input", detail, listed, {})


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what routing refuses: no such path, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    detail = {404: "There is nothing at this address.", 405: "This address does not take that method."}
    text = detail.get(error.status_code, str(error.detail))
    return problem(request, error.status_code, str(error.detail), text, [], dict(error.headers or {}))
