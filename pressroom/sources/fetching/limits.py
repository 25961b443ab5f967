"""How much a fetch may take and whom it may reach."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from ssl import SSLContext

import httpx

from pressroom.sources.fetching.public import Address, is_public

MEGABYTE = 1024 * 1024


def resolve(host: str, port: int) -> Sequence[str]:
    """Every IP address that the system's resolver knows for `host`. Raises `socket.gaierror`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@cache
def tls() -> SSLContext:
    """Certificates and names are checked; SSL_CERT_FILE adds a company's own authority. Built once: 20 ms."""
    return httpx.create_ssl_context()


@dataclass(frozen=True)
class Guard:
    """Says which hosts a fetch may reach. Tests pass another; the environment can't change it.

    is_allowed: called for each address of a name; one refused address refuses the name.
    resolve: from a name and a port to IP addresses. tls: makes the context of HTTPS connections.
    """

    is_allowed: Callable[[Address], bool] = is_public
    resolve: Callable[[str, int], Sequence[str]] = resolve
    tls: Callable[[], SSLContext] = tls


@dataclass(frozen=True)
class FetchLimits:
    """The limits of one fetch, redirects and further attempts included.

    size: bytes, as sent and as unpacked. connect, read: seconds without progress. total: seconds for everything.
    redirects: followed. attempts: of what fails for a passing reason. backoff: seconds before the second attempt,
    doubled for the third; a server's Retry-After is waited for when it fits in the total.
    """

    size: int = 50 * MEGABYTE
    connect: float = 10.0
    read: float = 10.0
    total: float = 30.0
    redirects: int = 5
    attempts: int = 3
    backoff: float = 0.5
    guard: Guard = field(default_factory=Guard)
