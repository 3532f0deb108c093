"""Addresses that people type are untrusted: every dress of an inner address is refused
beside its field, and nothing is ever connected to (R-I5).

No gateway here: the door is as in production. Names resolve to what a test says.
"""

from __future__ import annotations

import socket
from typing import Any

import pytest

from core import http
from core.addresses import AddressRefused
from core.errors import DomainError
from core.http import Http, Reply
from platforms import registry
from platforms.bluesky.adapter import Bluesky
from platforms.errors import PlatformError, Rejected
from platforms.mastodon.adapter import Mastodon
from platforms.types import Visit
from profiles.actions.begin import Start, begin
from tests.platforms.fakes import reply

pytestmark = pytest.mark.django_db

PUBLIC = "93.184.215.14"
BACK = "https://later.example/back"


@pytest.fixture
def reached(monkeypatch) -> list[str]:
    """Every address that a connection was made to; none of them leads anywhere."""
    found: list[str] = []

    def connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> None:
        found.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("core.connections.create_connection", connect)
    http.configure()
    return found


@pytest.fixture
def resolves(monkeypatch):
    """`resolves(*answers)`: names resolve to these in turn, the last one for ever."""

    def to(*answers: str) -> None:
        left = list(answers)

        def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
            found = left.pop(0) if len(left) > 1 else left[0]
            return [(0, socket.SOCK_STREAM, 6, "", (found, port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

    return to


def typed(cast, platform: str, method: str, **inputs: str) -> DomainError:
    start = Start(cast.social_set, platform, method, "this-browser", inputs)
    with pytest.raises(DomainError) as caught:
        begin(start, actor=cast.alice)
    return caught.value


HOSTS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "localhost",
    "169.254.169.254",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[fd00::1]",
    "[fe80::1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]
DRESSES = [
    *HOSTS,
    *(f"https://{host}" for host in HOSTS),
    *(f"https://{host}:6379/" for host in HOSTS[:3]),
    "http://169.254.169.254/latest/meta-data/",
    "https://user:pass@127.0.0.1/",
    "https://mastodon.social@127.0.0.1/",
    "https://127.0.0.1#mastodon.social",
    "https://127。0。0。1/",
    "https://①②⑦.⓪.⓪.①/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
]


@pytest.mark.parametrize("address", DRESSES)
def test_a_mastodon_server_inside_is_refused_beside_its_field(cast, reached, address):
    error = typed(cast, "mastodon", "server", server=address)
    assert (error.field, reached) == ("server", [])
    assert error.message in (
        "Type the name of your server, such as mastodon.social.",
        "Only addresses that begin with https:// and have no port are taken.",
    )


@pytest.mark.parametrize("address", DRESSES)
def test_a_bluesky_server_inside_is_refused_beside_its_field(cast, reached, address):
    error = typed(cast, "bluesky", "oauth", account=address)
    assert (error.field, reached) == ("account", [])
    assert error.message.endswith(".")


@pytest.mark.parametrize("address", HOSTS)
def test_a_handle_inside_is_refused_beside_its_field(cast, reached, address):
    password = {"app_password": "abcd-efgh-ijkl-mnop"}
    error = typed(cast, "bluesky", "app_password", handle=address, **password)
    assert (error.field, reached) == ("handle", [])


INNER = [
    "10.0.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "::1",
    "::ffff:10.0.0.1",
    "fd00::1",
]


@pytest.mark.parametrize("address", INNER)
@pytest.mark.parametrize(
    ("platform", "method", "name"),
    [
        ("mastodon", "server", "server"),
        ("bluesky", "oauth", "account"),
    ],
)
def test_a_name_that_leads_inside_is_refused_beside_its_field(
    cast, reached, resolves, address, platform, method, name
):
    resolves(address)
    place = {"server": "inside.example", "account": "https://inside.example"}
    error = typed(cast, platform, method, **{name: place[name]})
    assert (error.field, reached) == (name, [])
    assert error.message == "This address is not allowed."


def test_a_name_in_another_script_is_judged_as_dns_knows_it(cast, reached, resolves):
    resolves("192.168.0.1")
    error = typed(cast, "mastodon", "server", server="bücher.example")
    assert (error.message, reached) == ("This address is not allowed.", [])


def test_a_name_that_changes_its_answer_gains_nothing(cast, reached, resolves):
    """Judged and connected to in one: the second answer is never asked for."""
    resolves(PUBLIC, "127.0.0.1")
    error = typed(cast, "mastodon", "server", server="rebinding.example")
    assert (error.field, reached) == ("server", [PUBLIC])


def visit(**inputs: str) -> Visit:
    return Visit("server", BACK, "state", "https://later.example", inputs)


class Half:
    """One host answers as told; all others go through the real door."""

    of_operator = False

    def __init__(self, host: str, answer: Reply) -> None:
        self.host, self.answer, self.door = host, answer, Http()

    def request(self, method: str, url: str, **parts: Any) -> Reply:
        if url.startswith(f"https://{self.host}/"):
            return self.answer
        return self.door.request(method, url, **parts)


@pytest.mark.parametrize("address", INNER)
def test_a_move_into_a_private_range_is_judged_again(reached, resolves, address):
    """Each hop of a redirect passes the door for itself."""
    resolves(address)
    move = reply(b"", 301, location="https://inside.example/api/v2/instance")
    adapter = Mastodon(registry.credentials(), Half("fjord.example", move))
    with pytest.raises(Rejected, match="not allowed"):
        adapter.begin(visit(server="fjord.example"))
    assert reached == []


def test_a_move_to_a_bare_address_is_refused_by_its_name(reached):
    move = reply(b"", 302, location="https://169.254.169.254/latest/")
    adapter = Mastodon(registry.credentials(), Half("fjord.example", move))
    with pytest.raises(Rejected):
        adapter.begin(visit(server="fjord.example"))
    assert reached == []


def test_a_bluesky_server_may_not_send_us_inside(reached, resolves):
    """Where to sign in is the server's own word, so it is judged as well."""
    resolves("10.0.0.1")
    said = reply(
        {
            "resource": "https://pds.example",
            "authorization_servers": ["https://inside.example"],
        }
    )
    adapter = Bluesky(registry.credentials(), Half("pds.example", said))
    with pytest.raises(Rejected, match="not allowed"):
        adapter.begin(visit(account="https://pds.example"))
    assert reached == []


def test_bluesky_redirects_are_not_followed(reached):
    move = reply(b"", 302, location="https://169.254.169.254/")
    adapter = Bluesky(registry.credentials(), Half("pds.example", move))
    with pytest.raises(PlatformError):
        adapter.begin(visit(account="https://pds.example"))
    assert reached == []


def test_silence_is_told_beside_the_field(cast, reached, resolves):
    """One that is down, and one that was mistyped."""
    resolves(PUBLIC)
    error = typed(cast, "bluesky", "oauth", account="https://pds.example")
    assert (error.field, reached) == ("account", [PUBLIC])
    assert "doesn't answer" in error.message


@pytest.mark.parametrize("port", [22, 25, 80, 1023])
def test_ports_of_other_services_are_refused(cast, reached, port):
    error = typed(cast, "bluesky", "oauth", account=f"https://pds.example:{port}")
    assert (error.field, reached) == ("account", [])
    assert str(port) in error.message


def test_all_refusals_of_the_door_read_alike(reached):
    """Or it would tell which inner hosts and ports there are."""
    told = set()
    for place in ("127.0.0.1:1", "10.0.0.1", "[::1]:6379"):
        with pytest.raises(AddressRefused) as caught:
            Http().request("GET", f"https://{place}/")
        told.add(str(caught.value))
    assert (len(told), reached) == (1, [])
