"""Which IP addresses are public.

The standard library's `is_global` is not asked alone: before Python 3.11.10 it calls some special blocks global
(6to4 and NAT64 among them), and it judges a mapped address by its wrapping.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_NEVER_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata host
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata and wire server, on a public address
        "169.254.0.0/16",  # link-local; metadata hosts of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata host
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_UNICAST_V6 = IPv6Network("2000::/3")
_NEVER_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """True when `address` is a host of the public internet, by IANA's special-purpose registries.

    An IPv4 address inside an IPv6 one (mapped, NAT64) is judged as what it is; 6to4 and Teredo are never public.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in block for block in _NEVER_V4)
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    return (
        address.scope_id is None
        and address in _UNICAST_V6
        and address.is_global
        and not any(address in block for block in _NEVER_V6)
    )


def address_of(text: str) -> Address:
    """The IP address written as `text`. Raises ValueError for one in any but its usual form."""
    return ip_address(text)


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
