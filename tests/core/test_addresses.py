"""Which addresses are public; Python's own tables differ between versions (R-I5)."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import AddressRefused, is_public, resolve_public

INNER = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "198.18.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "100.64.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "168.63.129.16",
    "224.0.0.1",
    "239.255.255.250",
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "2001::1",
    "2001:0:4136:e378::1",
    "2001:db8::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:168.63.129.16",
]
PUBLIC = [
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "192.169.0.1",
    "168.63.129.15",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
]


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address):
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_a_wrapped_address_is_judged_like_itself(address):
    """However IPv6 dresses it up."""
    assert is_public(ip_address(f"::ffff:{address}")) == is_public(address)


@given(st.ip_addresses(v=4))
def test_wrappings_that_lead_elsewhere_are_all_refused(address):
    high, low = divmod(int(address), 65_536)
    assert not is_public(ip_address(f"64:ff9b::{high:x}:{low:x}"))
    assert not is_public(ip_address(f"2002:{high:x}:{low:x}::1"))


def resolving(monkeypatch, *addresses: str) -> None:
    def resolve(host, port, *args, **kwargs):
        return [(0, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_all_addresses_of_a_good_name_are_given(monkeypatch):
    resolving(monkeypatch, "8.8.8.8", "2606:4700:4700::1111")
    assert resolve_public("dns.example", 443) == ["8.8.8.8", "2606:4700:4700::1111"]


@pytest.mark.parametrize("inner", ["127.0.0.1", "::1", "fe80::1%eth0"])
def test_one_inner_address_spoils_the_name(monkeypatch, inner):
    resolving(monkeypatch, "8.8.8.8", inner)
    with pytest.raises(AddressRefused):
        resolve_public("dns.example", 443)


@pytest.mark.parametrize("text", ["2130706433", "0177.0.0.1", "127.1", "0x7f.1", "0"])
def test_numbers_are_read_as_the_resolver_reads_them(text):
    """Never judged by their text: the system turns these into inner addresses."""
    with pytest.raises(AddressRefused):
        resolve_public(text, 80)
