"""Passkeys by py_webauthn. Source: w3.org/TR/webauthn-3, sections 7.1 and 7.2."""

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException

from engine.accounts.ports import Door, NewKey
from engine.core.errors import Invalid
from engine.core.i18n import _

#: What the library says of nonsense.
WRONG = (WebAuthnException, ValueError, KeyError, TypeError)


class WebAuthnCheck:
    """Checks attestation-free registrations, and assertions."""

    def made(self, door: Door, challenge: bytes, answer: str) -> NewKey:
        """Return the key that a browser made. Raises Invalid."""
        try:
            found = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=door.host,
                expected_origin=list(door.origins),
                require_user_verification=True,
            )
        except WRONG as error:
            raise _refused() from error
        return NewKey(
            bytes_to_base64url(found.credential_id), bytes_to_base64url(found.credential_public_key), found.sign_count
        )

    def proven(self, door: Door, challenge: bytes, answer: str, key: NewKey) -> int:
        """Return how often the key has signed by now. Raises Invalid."""
        try:
            found = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=door.host,
                expected_origin=list(door.origins),
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=key.sign_count,
                require_user_verification=True,
            )
        except WRONG as error:
            raise _refused() from error
        return found.new_sign_count


def _refused() -> Invalid:
    return Invalid(_("This passkey is not good here. Try again, or sign in by password."))
