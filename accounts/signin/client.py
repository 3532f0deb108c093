"""From which network address a request came, proxies in front included."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Network = IPv4Network | IPv6Network
# What has no address of its own, such as a socket file.
NOWHERE = "0.0.0.0"  # noqa: S104
# A home has a whole /64: its single addresses tell nobody apart.
IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """The nearest address that is no proxy of ours.

    X-Forwarded-For is read from its end, and only as far as TRUSTED_PROXIES wrote it:
    anything before that anybody could have sent.
    """
    nearest = _clean(request.META.get("REMOTE_ADDR", ""))
    if not nearest:
        return NOWHERE
    for hop in reversed(_forwarded(request)):
        before = _clean(hop)
        if not before or not _is_trusted(nearest):
            break
        nearest = before
    return nearest


def client_network(request: HttpRequest) -> str:
    """What counts as one client: an IPv4 address, or an IPv6 network."""
    address = ip_address(client_address(request))
    if address.version == 4:
        return str(address)
    return str(ip_network(f"{address}/{IPV6_PREFIX}", strict=False))


def _forwarded(request: HttpRequest) -> list[str]:
    header = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return [hop.strip() for hop in header.split(",") if hop.strip()]


def _is_trusted(text: str) -> bool:
    address = ip_address(text)
    trusted: tuple[Network, ...] = settings.TRUSTED_PROXIES
    return any(address in net for net in trusted if net.version == address.version)


def _clean(text: str) -> str:
    """ "" for what is no address; a port or brackets around it are taken off."""
    host = text.strip().removeprefix("[").split("]")[0]
    host = host.split(":")[0] if host.count(":") == 1 else host
    try:
        address = ip_address(host.split("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
