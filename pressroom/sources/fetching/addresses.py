"""Addresses are checked before any DNS query or request, and shown without their secrets."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

from pressroom import redaction
from pressroom.errors import SourceForbidden
from pressroom.sources.fetching.public import address_of

LONGEST_SHOWN = 200
_PUBLIC_ONLY = "Only public web addresses are fetched; save the page and give the file."
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62}\.)*[a-z0-9_-]{0,62}", re.A)
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)", re.A)
_HERE = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "home.arpa", "corp", "private"}
)
"""Ends of names that mean a machine nearby, whatever a resolver says. Metadata hosts end in `internal`."""

_USUAL_PORTS = frozenset({80, 443})
_OTHER_PROTOCOLS = frozenset(
    {1719, 1720, 1723, 2049, 2375, 2376, 2379, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 6000, 6379, 6443}
    | {6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 9200, 9300, 10080, 10250, 11211, 27017}
)
"""Ports from 1024 up where something that is not the web listens, which a request could be made to talk to."""


def parse(address: str) -> httpx.URL:
    """The address as it is requested: host in ASCII and lower case, no trailing dot, no fragment.

    Raises:
        SourceForbidden: it is no plain public web address, as far as can be told without a DNS query.
    """
    url = _url(address.strip().replace(" ", "%20"))
    if url.scheme not in {"http", "https"}:
        raise SourceForbidden(f"{shown(address)} is no http or https address.", hint=_PUBLIC_ONLY)
    if url.userinfo:
        raise SourceForbidden(
            f"{shown(address)} carries a user name or password.", hint="Give the address without what stands before @."
        )
    host = url.raw_host.decode("ascii").lower()
    host = host.removesuffix(".") if ":" not in host else host
    _check_host(host, address)
    _check_port(url.port, address)
    return url.copy_with(host=host, fragment=None)


def _url(address: str) -> httpx.URL:
    if re.search(r"[\s\\\x00-\x1f\x7f]", address):
        raise SourceForbidden(f"{shown(address)} holds characters that no web address has.", hint=_PUBLIC_ONLY)
    try:
        return httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceForbidden(
            f"{shown(address)} is no web address.", hint="It looks like https://example.com/post."
        ) from error


def _check_host(host: str, address: str) -> None:
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        _check_number(host, address)
        return
    labels = host.split(".")
    if not _NAME.fullmatch(host) or not all(labels):
        raise SourceForbidden(f"{shown(address)} names no host.", hint="It looks like https://example.com/post.")
    if len(labels) == 1 or any(".".join(labels[start:]) in _HERE for start in range(len(labels))):
        raise not_public(shown(address))


def _check_number(host: str, address: str) -> None:
    """Refuses an IP address in disguise; the guard decides whether a plain one may be reached."""
    try:
        address_of(host)
    except ValueError:
        pass
    else:
        if "%" not in host:
            return
    raise SourceForbidden(f"{shown(address)} writes an IP address in an unusual way.", hint=_PUBLIC_ONLY)


def _check_port(port: int | None, address: str) -> None:
    if port is None or port in _USUAL_PORTS:
        return
    if port < 1024 or port > 65535 or port in _OTHER_PROTOCOLS:
        raise SourceForbidden(
            f"{shown(address)} uses port {port}, where no web page is.",
            hint="Use 80, 443, or a port from 1024 up that no other protocol has.",
        )


def not_public(name: str) -> SourceForbidden:
    """The error for a host the guard refuses, `name` being its address as shown. What it resolves to stays untold."""
    return SourceForbidden(f"{name} is not on the public internet.", hint=_PUBLIC_ONLY)


def shown(source: str) -> str:
    """`source` for messages, 200 characters at most; an address without user name, values in its query, fragment."""
    text = _without_secrets(source.strip()) if "://" in source else source
    text = "".join(char if char.isprintable() else "�" for char in redaction.mask(text))
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _without_secrets(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "The address"
    user, _, host = parts.netloc.rpartition("@")
    query = "&".join(_without_value(pair) for pair in parts.query.split("&")) if parts.query else ""
    return f"{parts.scheme}://{'***@' if user else ''}{host}{parts.path}{'?' if query else ''}{query}"


def _without_value(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}=***" if equals else "***"
