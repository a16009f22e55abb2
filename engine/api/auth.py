"""`/auth`: registering, tokens, who I am, where I am signed in, and getting back in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from engine.accounts import (
    logins,
    password_resets,
    queries,
    registrations,
    second_steps,
    sessions,
    sign_ins,
    tokens,
    users,
)
from engine.accounts.client import Client
from engine.accounts.models import User
from engine.accounts.second_steps import Held
from engine.accounts.sign_ins import SignInKind
from engine.accounts.tokens import TokenPair
from engine.api.apiwords import also
from engine.api.ports import Ports
from engine.api.request import (
    SESSION_COOKIE,
    Caller,
    CurrentClient,
    CurrentSite,
    House,
    WriteTx,
    public,
    signed_in,
)
from engine.api.routing import APIRouter
from engine.api.users import UserWire
from engine.api.wire import Wire
from engine.core.errors import Invalid, NotSignedIn
from engine.core.i18n import _
from engine.core.transaction import Tx

router = APIRouter(prefix="/auth", tags=["auth"])
Address = Annotated[str, Field(max_length=320)]
#: Longer than any password may be: what is too long is answered like what is wrong.
Typed = Annotated[str, Field(max_length=1_000)]
Token = Annotated[str, Field(max_length=500)]


class Credentials(Wire):
    """An address and its password. `name` is left out here; a client may send it where it registers."""

    email: Address
    password: Typed
    name: Annotated[str, Field(max_length=users.LONGEST_NAME)] | None = None


class SignInRequest(Credentials):
    """Credentials, and the code of the second step for an account that has one: of its app, or a recovery code."""

    code: Annotated[str, Field(max_length=60)] | None = None


class SignedIn(Wire):
    """Who signed in, and the tokens to go on with; `expiresIn` in seconds."""

    user: UserWire
    access_token: str
    refresh_token: str
    expires_in: int

    @classmethod
    def of(cls, user: User, pair: TokenPair) -> "SignedIn":
        return cls(
            user=UserWire.of(user),
            access_token=pair.access_token,
            refresh_token=pair.refresh_token,
            expires_in=pair.expires_in,
        )


class RefreshRequest(Wire):
    """A refresh token, which works once."""

    refresh_token: Token


class LogoutRequest(Wire):
    """The refresh token whose family ends."""

    refresh_token: Token | None = None


class ProfilePatch(Wire):
    """What one may change about oneself."""

    name: Annotated[str, Field(min_length=1, max_length=users.LONGEST_NAME)]


class PasswordChange(Wire):
    """The password as it is, and as it is to be."""

    current_password: Typed
    password: Typed


class ResetRequest(Wire):
    """Whose password was forgotten."""

    email: Address


class ResetConfirmation(Wire):
    """The token of the link that was sent, and the new password."""

    token: Token
    password: Typed


class SignInWire(Wire):
    """One place where the account is signed in."""

    id: UUID
    kind: SignInKind
    ip_address: str
    user_agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_current: bool


class SignIns(Wire):
    """All of them: there are never so many that they need pages."""

    items: list[SignInWire]
    total: int
    page: int
    limit: int


class Answer:
    """Opens a token family in the transaction that signs somebody in, and answers with its first pair."""

    def __init__(self, house: Ports, client: Client) -> None:
        self._house = house
        self._client = client

    async def __call__(self, tx: Tx, user: User) -> SignedIn:
        pair = await tokens.open_family(tx, self._house.front_desk.mint, user, self._client)
        await tx.flush()
        return SignedIn.of(user, pair)


@router.post("/register", status_code=201, dependencies=[public], responses=also(409))
async def register(sent: Credentials, house: House, site: CurrentSite, client: CurrentClient) -> SignedIn:
    """Make a customer's account and sign it in."""
    return await registrations.register(
        house.db,
        house.front_desk.passwords,
        email=sent.email,
        password=sent.password,
        name=sent.name or "",
        locale=site.general.language,
        client=client,
        then=Answer(house, client),
    )


@router.post("/login", dependencies=[public], responses=also(401, 403))
async def login(sent: SignInRequest, house: House, client: CurrentClient) -> SignedIn:
    """Sign in; 401 when address or password is wrong, 403 with the time left after five wrong ones."""
    then = Answer(house, client)

    async def hold_or_answer(tx: Tx, user: User) -> Held | SignedIn:
        return await second_steps.hold(tx, house.secrets, user) or await then(tx, user)

    passwords = house.front_desk.passwords
    found = await logins.sign_in(house.db, passwords, sent.email, sent.password, client, hold_or_answer)
    if isinstance(found, SignedIn):
        return found
    if not sent.code:
        raise NotSignedIn(_("This account has a second step: send the code of its app, too, as “code”."))
    return await second_steps.take(house.db, house.secrets, found.token, sent.code, client, then)


@router.post("/refresh", dependencies=[public], responses=also(401))
async def refresh(sent: RefreshRequest, house: House, client: CurrentClient) -> SignedIn:
    """Exchange a refresh token for a new pair; one that was used before ends its whole family."""
    user, pair = await tokens.refresh(house.db, house.front_desk.mint, sent.refresh_token, client)
    return SignedIn.of(user, pair)


@router.post("/logout", status_code=204, dependencies=[public])
async def logout(request: Request, tx: WriteTx, sent: LogoutRequest | None = None) -> None:
    """End a refresh token's family, or the browser session that asks. Answers the same for tokens long over."""
    cookie = request.cookies.get(SESSION_COOKIE)
    if sent is not None and sent.refresh_token:
        await tokens.sign_out(tx, sent.refresh_token)
    elif cookie:
        await sessions.close(tx, cookie)
    else:
        message = _("Send the refreshToken to end.")
        raise Invalid(message, {"refreshToken": message})


@router.get("/me", dependencies=[signed_in])
async def read_me(actor: Caller, house: House) -> UserWire:
    """Return the account that asks."""
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    return UserWire.of(await house.db.query(queries.user, actor.user_id))


@router.patch("/me", dependencies=[signed_in])
async def update_me(sent: ProfilePatch, actor: Caller, tx: WriteTx) -> UserWire:
    """Change one's own name."""
    user = await users.rename(tx, actor, sent.name)
    await tx.flush()
    return UserWire.of(user)


@router.post("/me/password", dependencies=[signed_in], responses=also(403))
async def change_password(sent: PasswordChange, actor: Caller, house: House, client: CurrentClient) -> SignedIn:
    """Change one's own password; every other session and token ends, and new tokens are answered."""
    user = await password_resets.change(
        house.db, house.front_desk.passwords, actor, sent.current_password, sent.password, client
    )
    async with house.db.write() as tx:
        kept = await tx.get(User, user.id, locked=True)
        return await Answer(house, client)(tx, kept or user)


@router.post("/password-reset", status_code=202, dependencies=[public])
async def ask_for_reset(sent: ResetRequest, tx: WriteTx) -> None:
    """Send a link to this address if an account has it; the answer never tells."""
    password_resets.ask(tx, sent.email)


@router.post("/password-reset/confirm", status_code=204, dependencies=[public], responses=also(409))
async def confirm_reset(sent: ResetConfirmation, house: House, client: CurrentClient) -> None:
    """Set a new password by the link's token, and sign the account out everywhere; 409 when the link is over."""
    await password_resets.reset(house.db, house.front_desk.passwords, sent.token, sent.password, client)


@router.get("/sessions", dependencies=[signed_in])
async def list_sessions(actor: Caller, house: House) -> SignIns:
    """List where the account is signed in: browsers and API clients."""
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    found = await house.db.query(sign_ins.of_user, actor.user_id, house.clock.now(), actor.session_id)
    items = [SignInWire.model_validate(one) for one in found]
    return SignIns(items=items, total=len(items), page=1, limit=max(1, len(items)))


@router.delete("/sessions/{session_id}", status_code=204, dependencies=[signed_in])
async def end_session(session_id: UUID, actor: Caller, tx: WriteTx) -> None:
    """Sign out in one place."""
    await sign_ins.end(tx, actor, session_id)


@router.delete("/sessions", status_code=204, dependencies=[signed_in])
async def end_sessions(actor: Caller, tx: WriteTx) -> None:
    """Sign out everywhere, here too."""
    await sign_ins.end_everywhere(tx, actor)
