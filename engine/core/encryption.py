"""Why a server that speaks TLS was not spoken to: in words that say what to change."""

import ssl

from engine.core.i18n import Message, _

_AUTHORITY = _("its certificate is signed by nobody who is trusted here; name the file of its authority")
_NAME = _("its certificate is for another name than this address")
_DATES = _("its certificate is out of date, or not valid yet")
_FILE = _("the certificate file does not hold a certificate")
_PLAIN = _("encryption was refused; look at the address, and whether the server speaks TLS there")
#: OpenSSL's X509_V_ERR_… numbers.
_BY_NUMBER = {
    9: _DATES,
    10: _DATES,
    18: _AUTHORITY,
    19: _AUTHORITY,
    20: _AUTHORITY,
    21: _AUTHORITY,
    62: _NAME,
    64: _NAME,
}


def why_not(error: BaseException) -> Message | None:
    """Return the reason that an error or what it came from gives; None where it is not about TLS."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return _BY_NUMBER.get(seen.verify_code, _AUTHORITY)
        if isinstance(seen, ssl.SSLError):
            return _FILE if seen.reason and "NO_CERTIFICATE" in seen.reason else _PLAIN
        seen = seen.__cause__ or seen.__context__
    return None
