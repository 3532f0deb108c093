"""The OAuth journey: request, way back, and what must fit before a token counts."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core import http as door
from platforms import clock
from platforms.bluesky import dpop
from platforms.errors import Rejected, Unavailable
from platforms.types import Grant, Redirect, Visit
from tests.platforms.bluesky import world
from tests.platforms.fakes import FakeHttp, reply

PAR = "^bsky.social/oauth/par"
TOKEN = "^bsky.social/oauth/token"


def begin(http: FakeHttp, account: str = world.HANDLE, **more: Any) -> Redirect:
    visit = Visit(
        "oauth", world.CALLBACK, "state-1", world.BASE, {"account": account}, **more
    )
    found = world.adapter(http).begin(visit)
    assert isinstance(found, Redirect)
    return found


def finish(http: FakeHttp, secret: Any = None, **query: str) -> Grant:
    secret = secret or begin(http).secret
    asked = {"iss": world.ISSUER, "code": world.CODE, "state": "state-1", **query}
    return world.adapter(http).finish(world.visit(), secret, asked)


def test_everything_is_pushed_and_the_browser_gets_a_reference_only() -> None:
    http = world.world()
    url = urlsplit(begin(http).url)
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{world.ISSUER}/oauth/authorize"
    assert parse_qs(url.query) == {
        "client_id": ["https://later.example/oauth/bluesky/client-metadata.json"],
        "request_uri": ["urn:ietf:params:oauth:request_uri:req-1"],
    }


def test_the_pushed_request_names_state_challenge_scope_and_person() -> None:
    """R-C3: the scopes asked for are those declared."""
    http = world.world()
    secret = begin(http).secret
    form = http.to(PAR)[0].form
    assert form["state"] == "state-1" and form["redirect_uri"] == world.CALLBACK
    assert form["code_challenge"] == dpop.digest(secret["verifier"])
    assert form["code_challenge_method"] == "S256" and form["response_type"] == "code"
    declared = [p.name for p in world.adapter(http).permissions("oauth")]
    assert form["scope"].split() == declared
    assert form["login_hint"] == world.HANDLE
    assert form["client_assertion"] and "prompt" not in form


def test_declined_permissions_are_asked_for_again() -> None:
    """R-C4: "Review permissions" shows the consent page once more."""
    http = world.world()
    begin(http, again=True)
    assert http.to(PAR)[0].form["prompt"] == "consent"


def test_an_empty_name_goes_to_the_entry_server() -> None:
    http = world.world()
    assert begin(http, "").secret["did"] == ""
    assert "login_hint" not in http.to(PAR)[0].form


@pytest.mark.parametrize("typed", ["https://bsky.social", "bsky.social"])
def test_a_server_may_be_named_instead_of_a_handle(typed: str) -> None:
    miss = reply({"error": "InvalidRequest"}, 400)
    http = world.world().on("GET", "resolveHandle", miss)
    http.on("GET", "^bsky.social/.well-known/atproto-did", reply(b"", 404))
    assert begin(http, typed).secret["issuer"] == world.ISSUER


def test_a_name_that_is_neither_is_told_as_an_unknown_handle() -> None:
    http = world.world().on("GET", "resolveHandle", reply({}, 400))
    http.on("GET", "^nobody.example.org/", reply(b"", 404))
    with pytest.raises(Rejected, match="doesn't know the handle"):
        begin(http, "nobody.example.org")


def test_the_sandbox_can_stand_in_for_the_sign_in_page() -> None:
    door.configure(gateway="http://127.0.0.1:9000")
    assert begin(world.world()).url.startswith("http://127.0.0.1:9000/bsky.social/")


def test_the_first_demand_for_a_nonce_is_met_with_a_new_proof() -> None:
    """Acceptance case 7: a second call with the nonce, never a third."""
    demand = reply({"error": "use_dpop_nonce"}, 400, dpop_nonce="fresh")
    http = world.world().on("POST", PAR, demand)
    with pytest.raises(Unavailable):
        begin(http)
    proofs = [world.claims_of(sent.headers["DPoP"]) for sent in http.to(PAR)]
    assert len(proofs) == 2
    assert "nonce" not in proofs[0] and proofs[1]["nonce"] == "fresh"
    assert proofs[0]["jti"] != proofs[1]["jti"]


def test_a_finished_sign_in_gives_token_and_identity() -> None:
    grant = finish(world.world())
    (identity,) = grant.identities
    assert (identity.external_id, identity.handle) == (world.DID, world.HANDLE)
    assert identity.name == "Ada" and identity.picture_url == "https://a"
    assert grant.granted == ("atproto", "transition:generic")
    token = grant.token
    assert (token.access, token.refresh) == (world.ACCESS, world.REFRESH)
    assert token.expires_at is not None
    assert 3_500 < -clock.since(token.expires_at) < 3_600
    assert token.extra["pds"] == world.PDS and token.extra["method"] == "oauth"


def test_the_code_is_exchanged_with_verifier_and_the_same_key() -> None:
    http = world.world()
    secret = begin(http).secret
    finish(http, secret)
    form = http.to(TOKEN)[0].form
    assert form["code"] == world.CODE and form["code_verifier"] == secret["verifier"]
    keys = {_thumb(sent.headers["DPoP"]) for sent in (*http.to(PAR), *http.to(TOKEN))}
    assert len(keys) == 1


def _thumb(proof: str) -> str:
    return proof.split(".")[0]


def test_an_answer_of_another_server_is_refused_before_its_code_is_used() -> None:
    """Acceptance case 8: `iss` tells servers apart."""
    http = world.world()
    with pytest.raises(Rejected) as raised:
        finish(http, iss="https://evil.example")
    assert raised.value.code == "issuer_mismatch"
    assert http.to(TOKEN) == []


def test_a_server_cant_claim_an_account_that_lives_elsewhere() -> None:
    """Acceptance case 8, R-C10: `sub` must lead back to the server that said it."""
    http = world.world()
    secret = begin(http).secret
    resource = {"resource": world.PDS, "authorization_servers": ["https://its.example"]}
    http.on("GET", "bsky.network/.well-known/oauth-protected", reply(resource))
    metadata = world.server_metadata("https://its.example")
    http.on("GET", "^its.example/.well-known/oauth-auth", reply(metadata))
    with pytest.raises(Rejected) as raised:
        finish(http, secret)
    assert raised.value.code == "issuer_mismatch"


def test_another_account_than_the_named_one_is_refused_by_name() -> None:
    """R-C10: nothing is overwritten when the wrong person signs in."""
    http = world.world()
    secret = begin(http).secret
    http.on("POST", TOKEN, reply(world.token_answer(sub=world.OTHER_DID)))
    document = world.did_document(world.OTHER_DID, "bob.example.org")
    http.on("GET", "^plc.directory/did:plc:zzz", reply(document))
    with pytest.raises(Rejected, match=r"signed in as @bob\.example\.org"):
        finish(http, secret)


def test_a_declined_consent_is_told_as_such() -> None:
    with pytest.raises(Rejected, match="didn't allow") as raised:
        finish(world.world(), error="access_denied", code="")
    assert raised.value.code == "access_denied"


def test_a_spent_code_means_starting_again() -> None:
    http = world.world()
    refusal = reply({"error": "invalid_grant", "error_description": "Code used"}, 400)
    http.on("POST", TOKEN, refusal)
    with pytest.raises(Rejected, match="Start again"):
        finish(http)


@pytest.mark.parametrize(
    "changes", [{"token_type": "Bearer"}, {"sub": None}, {"scope": "transition:x"}]
)
def test_tokens_of_another_kind_are_no_answer(changes: dict[str, Any]) -> None:
    http = world.world().on("POST", TOKEN, reply(world.token_answer(**changes)))
    with pytest.raises(Unavailable):
        finish(http)


def test_missing_permissions_are_seen_from_what_was_granted() -> None:
    """R-C4: the caller compares; the adapter tells the truth."""
    http = world.world().on("POST", TOKEN, reply(world.token_answer(scope="atproto")))
    assert finish(http).granted == ("atproto",)


def test_an_unknown_profile_is_no_obstacle() -> None:
    http = world.world().on("GET", "actor.getProfile", reply({}, 400))
    (identity,) = finish(http).identities
    assert identity.name == identity.handle == world.HANDLE


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": "http://bsky.social/plain"},
    ],
)
def test_servers_that_misname_themselves_are_refused(wrong: dict[str, Any]) -> None:
    metadata = {**world.server_metadata(), **wrong}
    http = world.world().on("GET", "^bsky.social/.well-known/oauth-a", reply(metadata))
    with pytest.raises((Rejected, Unavailable)):
        begin(http)
    assert http.to(PAR) == []


@pytest.mark.parametrize(
    "resource",
    [
        {"resource": "https://other.example", "authorization_servers": [world.ISSUER]},
        {"resource": world.PDS, "authorization_servers": []},
        {"resource": world.PDS, "authorization_servers": ["https://a.b/path"]},
        {"resource": world.PDS, "authorization_servers": [7]},
        {"resource": world.PDS},
    ],
)
def test_a_server_must_name_one_place_to_sign_in(resource: dict[str, Any]) -> None:
    http = world.world()
    http.on("GET", "bsky.network/.well-known/oauth-protected", reply(resource))
    with pytest.raises(Rejected):
        begin(http)


def test_a_server_without_sign_in_points_to_app_passwords() -> None:
    http = world.world()
    http.on("GET", "bsky.network/.well-known/oauth-protected", reply({}, 404))
    with pytest.raises(Rejected, match="app password"):
        begin(http)
