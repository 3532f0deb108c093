"""The name of a server is a stranger's word: judged before anything is asked."""

from __future__ import annotations

import pytest

from core.addresses import resolve_public
from core.http import Http, configure
from platforms.adapter import Credentials
from platforms.errors import PlatformError, Rejected
from platforms.mastodon.adapter import Mastodon
from platforms.mastodon.server import host_in
from tests.platforms.fakes import FakeHttp
from tests.platforms.mastodon.world import visit


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mastodon.social", "mastodon.social"),
        ("  Mastodon.Social  ", "mastodon.social"),
        ("@ada@mastodon.social", "mastodon.social"),
        ("acct:ada@mastodon.social", "mastodon.social"),
        ("https://mastodon.social/@ada", "mastodon.social"),
        ("https://mastodon.social", "mastodon.social"),
        ("mastodon.social/@ada", "mastodon.social"),
        ("mastodon.social.", "mastodon.social"),
        ("büro.example", "xn--bro-hoa.example"),
        ("xn--bro-hoa.example", "xn--bro-hoa.example"),
    ],
)
def test_a_server_is_found_in_what_people_type(typed, host):
    assert host_in(typed) == host


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "localhost",
        "http://mastodon.social",
        "ftp://mastodon.social",
        "https://mastodon.social:8443",
        "https://user:word@mastodon.social",
        "mastodon.social:22",
        "127.0.0.1",
        "169.254.169.254",
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "https://[::ffff:10.0.0.1]/",
        "::1",
        "https://[",
        "-odd.example",
        "odd-.example",
        "a..example",
        "a b.example",
        "mastodon.social?x=1",
        "mastodon.social#x",
        "x" * 64 + ".example",
        "x." * 130 + "example",
        "mastodon.social\r\nHost: evil.example",
        "@ada",
    ],
)
def test_what_is_no_server_is_refused_before_any_call(typed):
    """Sheet case 12: IP addresses in every dress, ports, other schemes."""
    http = FakeHttp()
    with pytest.raises(Rejected) as caught:
        Mastodon(Credentials({}), http).begin(visit(typed))
    assert caught.value.field == "server"
    assert http.sent == []


@pytest.fixture
def unrouted():
    """The door as in production: no gateway, every address judged."""
    configure()
    yield Http()
    configure()


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"],
)
def test_a_name_that_leads_inside_is_refused(unrouted, monkeypatch, address):
    """Sheet case 12: judged at the moment of connecting, whatever DNS says."""
    found = [(0, 0, 0, "", (address, 443))]
    monkeypatch.setattr("core.addresses.socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(PlatformError) as caught:
        Mastodon(Credentials({}), unrouted).begin(visit("inside.example"))
    assert "not allowed" in caught.value.message
    with pytest.raises(Exception, match="not allowed"):
        resolve_public("inside.example", 443)
