"""What signing in needs of the process: one value, made in the wiring, that the faces hand to the verbs."""

from dataclasses import dataclass

from engine.accounts.claim_token import ClaimToken
from engine.accounts.desktop import DesktopTokens
from engine.accounts.hashing import Passwords
from engine.accounts.ports import PasskeyCheck
from engine.accounts.tokens import Mint


@dataclass(frozen=True, slots=True)
class FrontDesk:
    """Hashing, tokens for API clients, of the claim and of the desktop's window, and what checks passkeys."""

    passwords: Passwords
    mint: Mint
    claim_token: ClaimToken
    desktop: DesktopTokens
    passkeys: PasskeyCheck
