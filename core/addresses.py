"""Which network addresses a server may be talked into calling: public ones only."""

from __future__ import annotations

import socket
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

# Public by the registries, yet never a stranger's server: cloud platforms' inner
# address, 6to4 relays, IPv6 ranges that wrap IPv4 ones (NAT64, 6to4, Teredo), and
# the site-local addresses of old IPv6.
DENIED: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(net)
    for net in (
        "168.63.129.16/32",
        "192.88.99.0/24",
        "64:ff9b::/32",
        "2002::/16",
        "2001::/32",
        "fec0::/10",
    )
)


class AddressRefused(Exception):
    """The host's address is not public. One text for all cases: no port scanner."""

    def __init__(self) -> None:
        super().__init__("This address is not allowed.")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    if any(address in net for net in DENIED if net.version == address.version):
        return False
    odd = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not odd


def resolve_public(host: str, port: int) -> list[str]:
    """All addresses of a host, or AddressRefused when any of them isn't public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]) for info in found]
    for address in addresses:
        if not is_public(ip_address(address.partition("%")[0])):
            raise AddressRefused
    return addresses
