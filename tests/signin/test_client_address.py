"""Whose address it is: what a stranger claims isn't believed."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from accounts.signin.client import client_address, client_network
from later import env
from later.checks import production

PROXY, OTHER = "10.0.0.2", "10.0.0.3"


def asked(peer: str, forwarded: str = ""):
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.fixture
def behind(settings) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/24"),)


def test_without_trusted_proxies_the_header_is_nothing():
    assert client_address(asked("198.51.100.7", "1.2.3.4")) == "198.51.100.7"


def test_a_stranger_can_not_name_another_address(behind):
    assert client_address(asked("198.51.100.7", "1.2.3.4")) == "198.51.100.7"


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("1.2.3.4, 198.51.100.7", "198.51.100.7"),
        (f"1.2.3.4, 198.51.100.7, {OTHER}", "198.51.100.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("1.2.3.4, not an address", PROXY),
        ("", PROXY),
    ],
)
def test_behind_a_proxy_the_last_stranger_counts(behind, forwarded, found):
    """Read from the end; what stands before it the client could have written."""
    assert client_address(asked(PROXY, forwarded)) == found


def test_a_socket_file_has_no_address():
    assert client_address(asked("", "1.2.3.4")) == "0.0.0.0"  # noqa: S104


def test_all_of_a_home_is_one_client():
    one, other = asked("2001:db8:1:2::7"), asked("2001:db8:1:2:ffff::1")
    assert client_network(one) == client_network(other) == "2001:db8:1:2::/64"
    assert client_network(asked("2001:db8:1:3::7")) != client_network(one)


def test_a_senseless_network_stops_the_boot(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/99")
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        env.networks("TRUSTED_PROXIES")


def test_going_live_behind_a_proxy_that_nobody_named_is_warned_of(settings):
    """Everybody would share one network's tries."""
    settings.HTTPS, settings.TRUSTED_PROXIES = True, ()
    assert "later.W002" in {found.id for found in production()}
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)
    assert "later.W002" not in {found.id for found in production()}
