"""The cookie of a browser's session. It outlives the session, whose end the server decides."""

from fastapi import Request, Response

from engine.api.request import SESSION_COOKIE

LONGEST_SECONDS = 400 * 24 * 3600


def keep(request: Request, answer: Response, cookie: str) -> Response:
    """Return the answer with the session's cookie; scripts cannot read it, and other sites' forms do not send it."""
    answer.set_cookie(
        SESSION_COOKIE, cookie, max_age=LONGEST_SECONDS, httponly=True, samesite="lax", secure=is_https(request)
    )
    return answer


def drop(answer: Response) -> Response:
    """Return the answer that takes the cookie away."""
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return answer


def is_https(request: Request) -> bool:
    """Return whether the browser reached us by TLS, itself or by a proxy that says so."""
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "") == "https"
