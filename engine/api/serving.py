"""What the process that serves knows of itself, for the pages that tell it: where it listens, and its limits."""

import ipaddress
from dataclasses import dataclass

from fastapi import Request

from engine.core.i18n import Message
from engine.operations.network.roots import is_vouched


@dataclass(frozen=True, slots=True)
class Serving:
    """host, port: the socket's. addresses: this machine's on the local network, the likeliest first.

    cookie_domain: below which names a session counts; empty where each has its own. wanted_port: which was asked for,
    where another one had to do. name: what the local network finds it by, with .local; secure_port: of https there.
    The troubles say why there is none.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    addresses: tuple[str, ...] = ()
    has_rate_limits: bool = True
    cookie_domain: str = ""
    wanted_port: int | None = None
    name: str = ""
    name_trouble: Message | str = ""
    secure_port: int = 0
    secure_trouble: Message | str = ""

    @property
    def is_for_this_machine_only(self) -> bool:
        """Whether nobody else can reach the socket, however the surfaces are switched."""
        return ipaddress.ip_address(self.host).is_loopback

    @property
    def is_everywhere(self) -> bool:
        """Whether it listens on every address of this machine."""
        return ipaddress.ip_address(self.host).is_unspecified

    @property
    def is_on_loopback(self) -> bool:
        """Whether this machine reaches it as itself, which the admin asks for."""
        return self.is_for_this_machine_only or self.is_everywhere

    @property
    def url(self) -> str:
        """The address for this machine."""
        return self._url("127.0.0.1" if self.is_everywhere else self.host)

    @property
    def network_urls(self) -> tuple[str, ...]:
        """The addresses for others on the local network; none while it listens on this machine only."""
        if self.is_for_this_machine_only:
            return ()
        if not self.is_everywhere:
            return (self._url(self.host),)
        return tuple(self._url(address) for address in self._written)

    @property
    def _written(self) -> tuple[str, ...]:
        """Those that stand in an address of a page: IPv4's, for everybody can read one out; IPv6's where there is none.

        Those of a link alone would need the link's name beside them.
        """
        found = [ipaddress.ip_address(address) for address in self.addresses]
        usual = tuple(str(one) for one in found if one.version == 4)
        return usual or tuple(str(one) for one in found if not one.is_link_local)

    @property
    def named_url(self) -> str:
        """The address by its name; empty while the network is told none."""
        return _address("http", self.name, self.port) if self.name else ""

    @property
    def secure_urls(self) -> tuple[str, ...]:
        """The addresses by https that there is a certificate for, the name first; none while it is not served."""
        if not self.secure_port:
            return ()
        vouched = [address for address in self._written if is_vouched(address)]
        hosts = [self.name, *vouched] if self.name else vouched
        return tuple(_address("https", host, self.secure_port) for host in hosts or ["localhost"])

    def _url(self, address: str) -> str:
        return _address("http", address, self.port)


def _address(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def serving_of(request: Request) -> Serving:
    """Return what the process knows of itself; in tests without a socket, the defaults."""
    found: Serving = getattr(request.app.state, "serving", None) or Serving()
    return found
