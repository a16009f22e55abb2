"""The cookie by which a screen is known. By https it has a name of its own, which http cannot set or read.

A browser lets nothing that comes by http replace a cookie that is for https only: with one name for both, a screen that
was paired by one way could not be paired by the other.
"""

from fastapi import Request, Response

from ui.account.session_cookie import LONGEST_SECONDS, is_https

NAME, SECURE_NAME, PATH = "agora_device", "__Secure-agora_device", "/kiosk"


def token_of(request: Request) -> str:
    """Return the token that the browser brings; empty where it has none."""
    return request.cookies.get(SECURE_NAME if is_https(request) else NAME, "") or request.cookies.get(NAME, "")


def keep(request: Request, answer: Response, token: str) -> Response:
    """Return the answer with the cookie; scripts cannot read it, and no other site's form sends it."""
    is_secure = is_https(request)
    answer.set_cookie(
        SECURE_NAME if is_secure else NAME,
        token,
        max_age=LONGEST_SECONDS,
        httponly=True,
        samesite="strict",
        secure=is_secure,
        path=PATH,
    )
    return answer


def drop(request: Request, answer: Response) -> Response:
    """Return the answer that takes the cookie away."""
    for name in (NAME, *((SECURE_NAME,) if is_https(request) else ())):
        secure = name == SECURE_NAME
        answer.delete_cookie(name, path=PATH, httponly=True, samesite="strict", secure=secure)
    return answer
