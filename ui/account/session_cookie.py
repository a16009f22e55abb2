"""The cookie of a browser's session. It outlives the session, whose end the server decides."""

from fastapi import Request, Response

from engine.api.request import SESSION_COOKIE
from engine.api.serving import serving_of

LONGEST_SECONDS = 400 * 24 * 3600


def keep(request: Request, answer: Response, cookie: str) -> Response:
    """Return the answer with the session's cookie; scripts cannot read it, and other sites' forms do not send it."""
    answer.set_cookie(
        SESSION_COOKIE,
        cookie,
        max_age=LONGEST_SECONDS,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
        domain=_domain(request),
    )
    return answer


def drop(request: Request, answer: Response) -> Response:
    """Return the answer that takes the cookie away."""
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", domain=_domain(request))
    return answer


def _domain(request: Request) -> str | None:
    """Return below which name the session counts, where this host is one of them; None for this host alone."""
    domain, host = serving_of(request).cookie_domain, request.url.hostname or ""
    return domain if domain and (host == domain or host.endswith(f".{domain}")) else None


def is_https(request: Request) -> bool:
    """Return whether the browser reached us by TLS, itself or by a proxy that says so."""
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "") == "https"
