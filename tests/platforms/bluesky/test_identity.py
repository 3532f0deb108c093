"""From a typed name to an account and its server."""

from __future__ import annotations

import pytest

from core.http import AddressRefused, NotSent, configure
from platforms.bluesky.identity import Account, Directory, Places, cleaned, origin_of
from platforms.bluesky.wire import Wire
from platforms.errors import PlatformError, Rejected, Unavailable
from tests.platforms.bluesky import world
from tests.platforms.fakes import FakeHttp, reply

MISS = reply({"error": "InvalidRequest", "message": "Unable to resolve handle"}, 400)
HANDLE = world.HANDLE


def directory(http: FakeHttp) -> Directory:
    return Directory(Wire(http), Places.of(world.adapter(http).credentials))


def test_a_handle_leads_to_did_and_server() -> None:
    found = directory(world.world()).account(HANDLE)
    assert found == Account(world.DID, HANDLE, world.PDS)


def test_the_app_view_is_asked_first_then_the_entry_then_the_domain() -> None:
    http = world.world().on("GET", "resolveHandle", MISS)
    assert directory(http).did_of(HANDLE) == world.DID
    assert [sent.url.split("/")[2] for sent in http.sent] == [
        "public.api.bsky.app",
        "bsky.social",
        HANDLE,
    ]


def test_a_handle_nobody_knows_is_told_in_words() -> None:
    http = world.world().on("GET", "resolveHandle", MISS)
    http.on("GET", "atproto-did", NotSent("ConnectionError"))
    with pytest.raises(Rejected, match=r"doesn't know the handle ada\.example\.org"):
        directory(http).account(HANDLE)


def test_silence_everywhere_is_no_verdict_on_the_handle() -> None:
    http = world.world().on("GET", ".", NotSent("ConnectionError"))
    with pytest.raises(Unavailable):
        directory(http).account(HANDLE)


def test_a_handle_claimed_by_a_stranger_is_refused() -> None:
    """The account's own document must name the handle too."""
    document = world.did_document(handle="other.example.org")
    http = world.world().on("GET", "^plc.directory", reply(document))
    with pytest.raises(Rejected) as raised:
        directory(http).account(HANDLE)
    assert raised.value.code == "handle_mismatch"


def test_a_document_of_somebody_else_is_refused() -> None:
    document = world.did_document(did=world.OTHER_DID)
    http = world.world().on("GET", "^plc.directory", reply(document))
    with pytest.raises(Rejected):
        directory(http).by_did(world.DID)


def test_did_web_is_looked_up_at_its_domain() -> None:
    did = "did:web:ada.example.org"
    http = FakeHttp().on(
        "GET", f"^{HANDLE}/.well-known/did.json", reply(world.did_document(did))
    )
    assert directory(http).by_did(did).pds == world.PDS


@pytest.mark.parametrize(
    "did", ["did:plc:short", "did:web:a/b", "did:key:abc", "did:web:a@b", "", "x"]
)
def test_odd_ids_are_refused_before_any_request(did: str) -> None:
    http = FakeHttp()
    with pytest.raises(Rejected):
        directory(http).by_did(did)
    assert http.sent == []


@pytest.mark.parametrize("status", [404, 410])
def test_an_account_that_is_gone_is_told(status: int) -> None:
    http = world.world().on("GET", "^plc.directory", reply({}, status))
    with pytest.raises(Rejected, match="no such account"):
        directory(http).by_did(world.DID)


@pytest.mark.parametrize(
    "pds",
    [
        "http://pds.example",
        "ftp://pds.example",
        "https://user:word@pds.example",
        "https://",
        "https://[::1",
        "nonsense",
    ],
)
def test_a_server_must_have_a_plain_https_address(pds: str) -> None:
    """R-I5: the address comes from a stranger's document."""
    document = world.did_document(pds=pds)
    http = world.world().on("GET", "^plc.directory", reply(document))
    with pytest.raises(Rejected):
        directory(http).by_did(world.DID)


def test_a_developers_own_server_may_speak_http() -> None:
    configure(direct=frozenset({"localhost:2583"}))
    assert origin_of("http://localhost:2583/x") == "http://localhost:2583"


def test_private_addresses_are_refused_by_the_door() -> None:
    """Acceptance case 13: what core.http refuses is a plain refusal here."""
    http = world.world().on("GET", "^plc.directory", AddressRefused())
    with pytest.raises(Rejected, match="not allowed"):
        directory(http).by_did(world.DID)


@pytest.mark.parametrize(
    "document",
    [{}, {"service": "x"}, {"service": [7, {"id": 3}]}, {"alsoKnownAs": [7, None]}],
)
def test_odd_documents_raise_our_errors_only(document: dict[str, object]) -> None:
    http = world.world().on("GET", "^plc", reply({"id": world.DID, **document}))
    with pytest.raises(PlatformError):
        directory(http).by_did(world.DID)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" @Ada.Example.org ", "ada.example.org"),
        ("\u202aada.example.org\u202c", "ada.example.org"),
        ("https://bsky.app/profile/ada.example.org/post/3k", "ada.example.org"),
        ("at://ada.example.org", "ada.example.org"),
        ("did:plc:ABC", "did:plc:ABC"),
        ("https://PDS.example/", "https://pds.example"),
    ],
)
def test_names_are_taken_as_people_paste_them(typed: str, name: str) -> None:
    assert cleaned(typed) == name
