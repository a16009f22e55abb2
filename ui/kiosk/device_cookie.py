"""The cookie by which a screen is known."""

from fastapi import Request, Response

from ui.account.session_cookie import LONGEST_SECONDS, is_https

NAME, PATH = "agora_device", "/kiosk"


def token_of(request: Request) -> str:
    """Return the token that the browser brings; empty where it has none."""
    return request.cookies.get(NAME, "")


def keep(request: Request, answer: Response, token: str) -> Response:
    """Return the answer with the cookie; scripts cannot read it, and no other site's form sends it."""
    answer.set_cookie(
        NAME,
        token,
        max_age=LONGEST_SECONDS,
        httponly=True,
        samesite="strict",
        secure=is_https(request),
        path=PATH,
    )
    return answer


def drop(answer: Response) -> Response:
    """Return the answer that takes the cookie away."""
    answer.delete_cookie(NAME, path=PATH, httponly=True, samesite="strict")
    return answer
