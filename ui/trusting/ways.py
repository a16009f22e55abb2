"""What to do on each kind of device, as its own screens call it."""

import re
from dataclasses import dataclass

from engine.core.i18n import Message, _

Text = Message | str


@dataclass(frozen=True, slots=True)
class TrustWay:
    """One kind of device. rows: of the screen on which it is done; chosen: the one that is touched."""

    key: str
    label: Text
    file: str
    file_label: Text
    steps: tuple[Text, ...]
    screen: Text
    rows: tuple[Text, ...]
    chosen: Text


CRT, PROFILE = "/trust/agora.crt", "/trust/agora.mobileconfig"
CHECK = _("Compare the fingerprint with the one in the admin, if you want to be sure.")
WAYS: tuple[TrustWay, ...] = (
    TrustWay(
        "iphone",
        _("iPhone and iPad"),
        PROFILE,
        _("Download the profile"),
        (
            _("Open this page in Safari, download the profile, and allow it."),
            _("Settings, General, VPN & Device Management: tap the profile, then Install."),
            _("Settings, General, About, Certificate Trust Settings: switch it on."),
        ),
        _("Certificate Trust Settings"),
        (_("Version of trust store"), _("Agora: on"), _("Learn more")),
        _("Agora: on"),
    ),
    TrustWay(
        "android",
        _("Android"),
        CRT,
        _("Download the certificate"),
        (
            _("Download the certificate."),
            _("Settings, Security & privacy, More security settings, Encryption & credentials, Install a certificate."),
            _("Choose CA certificate, Install anyway, and the file agora.crt."),
        ),
        _("Install a certificate"),
        (_("CA certificate"), _("VPN & app user certificate"), _("Wi-Fi certificate")),
        _("CA certificate"),
    ),
    TrustWay(
        "windows",
        _("Windows"),
        CRT,
        _("Download the certificate"),
        (
            _("Download the certificate, open it, and choose Install Certificate."),
            _("Current User, then “Place all certificates in the following store”."),
            _("Browse, Trusted Root Certification Authorities, and confirm. Start the browser again."),
        ),
        _("Select certificate store"),
        (_("Personal"), _("Trusted Root Certification Authorities"), _("Enterprise Trust")),
        _("Trusted Root Certification Authorities"),
    ),
    TrustWay(
        "macos",
        _("Mac"),
        CRT,
        _("Download the certificate"),
        (
            _("Download the certificate and open it: Keychain Access takes it into “login”."),
            _("Double-click it there, and open Trust."),
            _("When using this certificate: Always Trust. Close the window and confirm."),
        ),
        _("When using this certificate"),
        (_("Use System Defaults"), _("Always Trust"), _("Never Trust")),
        _("Always Trust"),
    ),
    TrustWay(
        "linux",
        _("Linux, Chrome and Chromium"),
        CRT,
        _("Download the certificate"),
        (
            _("Download the certificate."),
            _("Open chrome://certificate-manager, Installed by you, Trusted certificates, Import."),
            _("Programs of the system trust it after: sudo cp agora.crt /usr/local/share/ca-certificates/ && sudo "
              "update-ca-certificates"),
        ),
        _("Installed by you"),
        (_("Trusted certificates: Import"), _("Intermediate certificates"), _("Distrusted certificates")),
        _("Trusted certificates: Import"),
    ),
    TrustWay(
        "firefox",
        _("Firefox, on any computer"),
        CRT,
        _("Download the certificate"),
        (
            _("Settings, Privacy & Security, Certificates, View Certificates."),
            _("Authorities, Import, and choose agora.crt."),
            _("Tick “Trust this CA to identify websites”."),
        ),
        _("Certificate manager"),
        (_("Your certificates"), _("Authorities: Import"), _("Servers")),
        _("Authorities: Import"),
    ),
)  # fmt: skip
_KINDS = (
    ("iphone", r"iPhone|iPad|iPod"),
    ("android", r"Android"),
    ("firefox", r"Firefox"),
    ("windows", r"Windows"),
    ("macos", r"Macintosh"),
    ("linux", r"Linux|X11"),
)


def kind_of(user_agent: str) -> str:
    """Return which way is for the device that asks, by what its browser calls itself; empty where that says nothing."""
    return next((key for key, pattern in _KINDS if re.search(pattern, user_agent)), "")
