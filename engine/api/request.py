"""Who is asking, on which surface, and what they may use. Serves `ui` too."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Request

from engine.accounts import identity
from engine.accounts.client import Client
from engine.api.ports import Ports
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotSignedIn
from engine.core.i18n import _
from engine.core.settings import Site
from engine.core.transaction import Tx

SESSION_COOKIE = "agora_session"
#: Tells scripts that this browser holds a cart or a session: only then is there something of its own to fetch.
MINE_COOKIE = "agora_mine"


def ports_of(request: Request) -> Ports:
    """Return the wired house of this application."""
    ports: Ports = request.app.state.ports
    return ports


def site_of(request: Request) -> Site:
    """Return the organisation's settings."""
    return ports_of(request).site


def origin_of(request: Request) -> str:
    """Return this site's address as the world writes it: the settings' own, else the one asked for."""
    state = request.scope.setdefault("state", {})
    found: str | None = state.get("origin")
    if found is None:  # a page asks for it for each address that it tells the world
        base = site_of(request).general.site_url.rstrip("/")
        asked = f"{request.scope['scheme']}://{request.headers['host']}"
        found = state["origin"] = base if base.startswith("http") else asked
    return found


def ip_of(request: Request) -> str:
    """Return the client's address as the door found it."""
    ip: str = request.state.ip
    return ip


def client_of(request: Request) -> Client:
    """Return the program that asks, as its session remembers it."""
    return Client.of(ip_of(request), request.headers.get("user-agent", ""))


async def actor_of(request: Request) -> Actor:
    """Return who asks: by `Authorization: Bearer`, by the session cookie, or a stranger. Read once a request.

    Raises NotSignedIn for a token that is not good: a client must learn that, not be served as a stranger.
    """
    known: Actor | None = getattr(request.state, "actor", None)
    if known is None:
        found = await _find_actor(request)
        if found.is_signed_in:
            found = replace(found, distance=getattr(request.state, "distance", None))
        known = request.state.actor = found
    return known


async def _find_actor(request: Request) -> Actor:
    ports, ip = ports_of(request), ip_of(request)
    now = ports.clock.now()
    asks_step = ports.site.sign_in.asks_step(now)
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        bearer = identity.bearer_of(token.strip(), ports.secrets.jwt_secret, now)
        found = await ports.db.glance(identity.actor_of_bearer, bearer, ip, asks_step=asks_step) if bearer else None
        if scheme.lower() != "bearer" or found is None:
            raise NotSignedIn(_("The access token is not valid or its time is over. Refresh it, or sign in again."))
        return found
    if cookie := request.cookies.get(SESSION_COOKIE):
        holder = await ports.db.glance(identity.holder_of_session, cookie, now, ip, asks_step=asks_step)
        if holder is not None:
            request.state.session_due = holder.actor.session_id if holder.is_due else None
            return holder.actor
    return Actor.stranger(ip)


async def _write_tx(request: Request) -> AsyncIterator[Tx]:
    async with ports_of(request).db.write() as tx:
        yield tx


class Allow:
    """A route's rule: who may come in. The permission matrix test reads these off the routes."""

    def __init__(self, permission: Permission, *, owing: bool = False) -> None:
        """owing: also staff who owe a second step."""
        self.permission = permission
        self.owing = owing

    async def __call__(self, request: Request) -> None:
        actor = await actor_of(request)
        if not (self.owing and actor.owes_step):
            access.require(actor, self.permission)


class SignedIn:
    """A route for anybody with an account; what they see is their own."""

    async def __call__(self, request: Request) -> None:
        if not (await actor_of(request)).is_signed_in:
            raise NotSignedIn(_("Sign in first."))


class Public:
    """A route for everybody."""

    async def __call__(self) -> None:
        return None


def allow(permission: Permission, *, owing: bool = False) -> Any:
    """Return the dependency that lets in who has the permission: `dependencies=[allow(Permission.MANAGE_ORDERS)]`."""
    return Depends(Allow(permission, owing=owing))


signed_in = Depends(SignedIn())
public = Depends(Public())


# FastAPI sends a dependency that is no coroutine to a thread, and waits: dearer than what most of them do.
async def _client(request: Request) -> Client:
    return client_of(request)


async def _house(request: Request) -> Ports:
    return ports_of(request)


async def _site(request: Request) -> Site:
    return site_of(request)


CurrentClient = Annotated[Client, Depends(_client)]
Caller = Annotated[Actor, Depends(actor_of)]
House = Annotated[Ports, Depends(_house)]
CurrentSite = Annotated[Site, Depends(_site)]
#: Committed before the answer is sent: with FastAPI's default scope a failing commit would answer 200.
WriteTx = Annotated[Tx, Depends(_write_tx, scope="function")]
