"""What the API's description says in words: how it works, its parts, and what each refusal means."""

from collections.abc import Mapping
from typing import Any

DESCRIPTION = """\
Everything is under `/api/v1` and speaks JSON with camelCase names; a field that Agora does not know is refused.

**Signing in.** `POST /auth/login` answers an `accessToken` for fifteen minutes and a `refreshToken` for seven days.
Send the first as `Authorization: Bearer …`; exchange the second at `POST /auth/refresh`. It works once: a used one ends
every token of its family.

**Lists** take `page` and `limit` (at most 100) and answer `{items, total, page, limit}`.

**Money** is `{amount, currency}`, the amount in minor units: 1999 with USD is $19.99. Times are UTC, ids UUIDs.

**Carts** belong to whoever sends their id as `X-Cart-Id`, or to the account that is signed in. An unknown id gets a
fresh cart with an id of its own.

**Repeats.** What moves money or stock (`POST /checkout`, an order's `payments`, `payment-attempts` and `refunds`) needs
an `Idempotency-Key`, a new one for each act. The same request with the same key is answered as the first time, and
nothing is bought, paid or returned twice.

**Refusals** are `application/problem+json` (RFC 9457): `detail` says what was wrong and what to do, `errors` names each
field, `requestId` finds the request in the log. Any call is refused with 400 where the host is not this site's, 403
where the API is not open to the caller's network, and 421 at a host name where it is not at home.
"""

TAGS: Mapping[str, str] = {
    "setup": "Claiming a fresh installation, once.",
    "auth": "Accounts of one's own: registering, tokens, passwords, and where one is signed in.",
    "users": "Everybody's accounts, for admins and above.",
    "products": "What is sold. Everybody sees active products, staff all of them.",
    "media": "Pictures, sent in by staff and shown in several sizes.",
    "cart": "What a shopper is about to buy. Each call answers the whole cart.",
    "checkout": "From a cart to an order.",
    "orders": "One's own orders for customers, all of them for store managers.",
    "payments": "Paying an order by card, returning money, and what payment providers say.",
    "pages": "What people write in the builder: drafts, versions, review, and when visitors see them.",
    "site": "Where the site's addresses are told.",
    "backups": "Files that hold everything: made, tried out, fetched, brought and put back.",
    "comments": "What visitors say under pages. Everybody reads and writes, editors and above judge.",
    "reviews": "Stars and words about what is sold. Everybody reads and writes, editors and above judge.",
    "search": "One question over everything that can be found.",
    "jobs": "Work that takes longer than a request.",
    "settings": "What the organisation decides about its site, by key; secrets are masked.",
    "health": "For whatever watches the process.",
}

SUCCESSES: Mapping[int, str] = {
    200: "It is done.",
    201: "It was made.",
    202: "It has begun.",
    204: "It is done, and there is nothing to answer.",
}

REFUSALS: Mapping[int, str] = {
    400: "The address or the body cannot be read.",
    401: "Nobody is signed in, or the token, address or password is wrong.",
    403: "The account may not do this, or is locked for a while.",
    404: "There is no such thing, or not for this account.",
    409: "The state of things does not allow it; `errors` names what is in the way.",
    413: "The body is larger than this call takes.",
    422: "Something that was sent is missing or wrong; `errors` names each field.",
    429: "Too many requests from this address; `Retry-After` says how many seconds to wait.",
    503: "Something that Agora needs does not answer now, or the site is not open. Try again later.",
}


def also(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the refusals that a route adds to those that its rule and its input bring."""
    return {status: {} for status in statuses}
