"""Reaching out to addresses that somebody else names, without reaching in."""

import socket
import threading
import time
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

#: IPv6 addresses that stand for those of IPv4 behind a translator. RFC 6052
_TRANSLATED = IPv6Network("64:ff9b::/96")
#: What IANA has given out of IPv6 for the public internet; whatever lies outside of it has another meaning, or none yet:
#: loopback, IPv4 within IPv6 in its older forms (::/96, ::ffff:0:0:0/96), local translators (64:ff9b:1::/48), site-local
#: addresses (fec0::/10). https://www.iana.org/assignments/ipv6-address-space
_GIVEN_OUT = IPv6Network("2000::/3")
#: Addresses within those of the public internet that lead elsewhere, whatever a version of Python's `ipaddress` says.
_SPECIAL = tuple(
    map(
        ip_network,
        (
            # https://www.iana.org/assignments/iana-ipv4-special-registry
            "0.0.0.0/8",
            "100.64.0.0/10",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            # https://www.iana.org/assignments/iana-ipv6-special-registry; 2001::/23 has Teredo, 2002::/16 6to4
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "2620:4f:8000::/48",
            "3fff::/20",
            # The host's services in a virtual machine of Azure.
            # https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
            "168.63.129.16/32",
        ),
    )
)


class PrivateAddressError(Exception):
    """A name leads to an address that is not on the public internet, or is asked in clear."""


def is_public(address):
    """Whether an IP address, as text, is one of the public internet: no loopback, private network or metadata service.

    False as well for what is no address: a name, or IPv4 in hexadecimal or in a single number.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if inner := parsed.ipv4_mapped or (parsed in _TRANSLATED and IPv4Address(int(parsed) & 0xFFFFFFFF)):
            return is_public(str(inner))
        if parsed not in _GIVEN_OUT:
            return False
    special = any(parsed in network for network in _SPECIAL if network.version == parsed.version)
    return parsed.is_global and not parsed.is_multicast and not special


def resolve(host):
    """The IP addresses of a host, as texts; none when nobody knows it."""
    try:
        return {found[4][0] for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return set()


class PublicSession(requests.Session):
    """Requests to the public internet over TLS, for so many seconds in all; to be used as a context.

    trusted
        IP addresses that may be private, and asked in clear: those of a gateway that an administrator has set up.

    What counts is the address of the connection, whatever the name said when it was asked before. Behind a proxy that
    the server's environment names, the proxy connects, and keeps people out of private networks.
    """

    def __init__(self, seconds, trusted=()):
        super().__init__()
        self.deadline = time.monotonic() + seconds
        self._trusted, self._sockets = frozenset(trusted), []
        # The time limits of sockets are for one packet each: who sends a byte at a time would be waited for for ever.
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        self.mount("https://", _Adapter(self))
        self.mount("http://", _Adapter(self))

    def close(self):
        self._timer.cancel()
        return super().close()

    def check(self, connection, sock):
        """Look whom a new connection is with, before anything is said. Raises `PrivateAddressError`."""
        address = sock.getpeername()[0]
        if address in self._trusted:
            return
        if not isinstance(connection, HTTPSConnection) or not is_public(address):
            raise PrivateAddressError(address)

    def keep(self, sock):
        """Remember a socket that is to end when the time is over."""
        self._sockets.append(sock)

    def _cut(self):
        for sock in self._sockets:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself


class _Adapter(HTTPAdapter):
    def __init__(self, session):
        self._session = session
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_make_pool, HTTPConnectionPool, _HttpConnection, self._session),
            "https": partial(_make_pool, HTTPSConnectionPool, _HttpsConnection, self._session),
        }
        return result


def _make_pool(kind, connection, session, *args, **kwargs):
    pool = kind(*args, **kwargs)
    pool.ConnectionCls = partial(connection, session)
    return pool


class _CheckedConnection:
    def __init__(self, session, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._session = session

    def _new_conn(self):
        sock = super()._new_conn()
        try:
            self._session.check(self, sock)
        except PrivateAddressError:
            sock.close()
            raise
        self._session.keep(sock)
        return sock

    def connect(self):
        result = super().connect()
        # For TLS, one that took the place of the first.
        self._session.keep(self.sock)
        return result


class _HttpConnection(_CheckedConnection, HTTPConnection):
    pass


class _HttpsConnection(_CheckedConnection, HTTPSConnection):
    pass
