"""Certificates of the site's own: what they vouch for, and for how long. It knows no database."""

import asyncio
import ipaddress
import plistlib
import ssl
import stat
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.network.authority import LocalAuthority
from engine.core.errors import Unavailable
from engine.core.ports import SystemClock
from engine.operations.network.ports import Holder
from engine.operations.network.roots import FOLDER, root_in

HOLDER = Holder("Kiln & Co", ("agora.local", "studio.local"), ("192.168.1.20",))


async def greet(context, root, name):
    """Speak TLS with a server as somebody who trusts only the authority; return the certificate that it showed."""
    trusting = ssl.create_default_context(cadata=root.pem)

    async def answer(_reader, writer):
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname=name)
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        await reader.read()
        writer.close()
    return x509.load_der_x509_certificate(shown)


class TestVouching:
    @pytest.mark.parametrize("name", ["agora.local", "studio.local", "localhost", "127.0.0.1", "192.168.1.20"])
    async def test_a_client_that_trusts_only_the_authority_is_let_in(self, tmp_path, name):
        context = LocalAuthority(tmp_path, SystemClock()).context(HOLDER)
        await greet(context, root_in(tmp_path), name)

    @pytest.mark.parametrize("name", ["other.local", "example.org", "192.168.1.21"])
    async def test_another_name_is_refused(self, tmp_path, name):
        context = LocalAuthority(tmp_path, SystemClock()).context(HOLDER)
        with pytest.raises(ssl.SSLCertVerificationError):
            await greet(context, root_in(tmp_path), name)

    async def test_names_and_addresses_of_the_world_are_left_out(self, tmp_path):
        holder = Holder("Kiln", ("agora.local", "bank.example"), ("8.8.8.8", "10.0.0.2"))
        context = LocalAuthority(tmp_path, SystemClock()).context(holder)
        shown = await greet(context, root_in(tmp_path), "agora.local")
        said = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert said.get_values_for_type(x509.DNSName) == ["agora.local", "localhost"]
        assert [str(one) for one in said.get_values_for_type(x509.IPAddress)] == ["10.0.0.2", "127.0.0.1"]

    @pytest.mark.parametrize(
        "subject", [x509.DNSName("bank.example"), x509.IPAddress(ipaddress.ip_address("8.8.8.8"))], ids=str
    )
    async def test_what_a_stolen_key_signs_for_the_world_is_refused(self, tmp_path, subject):
        authority = LocalAuthority(tmp_path, SystemClock())
        authority.context(HOLDER)
        forged = tmp_path / "forged.pem"
        forged.write_bytes(_signed_with_the_key(tmp_path, subject))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(forged)
        name = subject.value if isinstance(subject, x509.DNSName) else str(subject.value)
        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
            await greet(context, root_in(tmp_path), name)


class TestKeeping:
    def test_keys_are_this_user_s_alone_and_the_certificate_is_for_all(self, tmp_path):
        LocalAuthority(tmp_path, SystemClock()).context(HOLDER)
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / FOLDER).iterdir()}
        assert modes == {"authority.key": 0o600, "server.pem": 0o600, "authority.crt": 0o644}
        assert stat.S_IMODE((tmp_path / FOLDER).stat().st_mode) == 0o700

    async def test_another_start_shows_the_same(self, tmp_path):
        first = await greet(LocalAuthority(tmp_path, SystemClock()).context(HOLDER), root_in(tmp_path), "agora.local")
        again = await greet(LocalAuthority(tmp_path, SystemClock()).context(HOLDER), root_in(tmp_path), "agora.local")
        assert first == again

    async def test_it_is_renewed_before_it_ends_and_who_listens_follows(self, tmp_path):
        clock = Ahead()
        authority, root = LocalAuthority(tmp_path, clock), None
        context = authority.context(HOLDER)
        root = root_in(tmp_path)
        first = await greet(context, root, "agora.local")
        clock.ahead = timedelta(days=59)
        assert authority.context(HOLDER) is context
        assert await greet(context, root, "agora.local") == first
        clock.ahead = timedelta(days=61)
        assert authority.context(HOLDER) is context
        assert root_in(tmp_path) == root  # devices need not be told anew
        leaf = x509.load_pem_x509_certificate((tmp_path / FOLDER / "server.pem").read_bytes())
        assert leaf.not_valid_after_utc > first.not_valid_after_utc + timedelta(days=60)

    async def test_another_address_is_in_it_at_once(self, tmp_path):
        authority = LocalAuthority(tmp_path, SystemClock())
        context = authority.context(HOLDER)
        moved = Holder(HOLDER.title, HOLDER.names, ("10.1.2.3",))
        assert authority.context(moved) is context
        await greet(context, root_in(tmp_path), "10.1.2.3")
        with pytest.raises(ssl.SSLCertVerificationError):
            await greet(context, root_in(tmp_path), "192.168.1.20")

    def test_an_authority_near_its_end_is_made_anew(self, tmp_path):
        clock = Ahead()
        authority = LocalAuthority(tmp_path, clock)
        authority.context(HOLDER)
        before = root_in(tmp_path)
        clock.ahead = timedelta(days=3600)
        authority.context(HOLDER)
        assert root_in(tmp_path) != before

    def test_a_file_that_is_no_certificate_is_said(self, tmp_path):
        LocalAuthority(tmp_path, SystemClock()).context(HOLDER)
        (tmp_path / FOLDER / "authority.key").write_text("not a key")
        with pytest.raises(Unavailable, match=FOLDER):
            LocalAuthority(tmp_path, SystemClock()).context(HOLDER)


class TestProfile:
    def test_it_holds_the_certificate_and_is_the_same_each_time(self, tmp_path):
        LocalAuthority(tmp_path, SystemClock()).context(HOLDER)
        root = root_in(tmp_path)
        made = root.profile("Kiln & Co")
        assert made == root.profile("Kiln & Co")
        payload = plistlib.loads(made)["PayloadContent"][0]
        assert (payload["PayloadType"], payload["PayloadContent"]) == ("com.apple.security.root", root.der)

    def test_there_is_none_before_the_first_use(self, tmp_path):
        assert root_in(tmp_path) is None


class Ahead(SystemClock):
    """The clock of this machine, put forward."""

    ahead = timedelta()

    def now(self):
        return super().now() + self.ahead


def _signed_with_the_key(folder, subject):
    """Return a certificate for a subject, by the authority's own key, and its key."""
    by = serialization.load_pem_private_key((folder / FOLDER / "authority.key").read_bytes(), None)
    root = x509.load_pem_x509_certificate((folder / FOLDER / "authority.crt").read_bytes())
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )
    pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return made.public_bytes(pem) + key.private_bytes(pem, kind, serialization.NoEncryption())
