"""Handle, DID, server, authorization server: the whole chain over HTTP."""

from __future__ import annotations

import base64

import pytest
import requests

from tests.sandbox.bluesky.atproto import HARBOR, MAYA, NOAH, good, trouble


def get(sandbox, path, **params):
    return requests.get(f"{sandbox.url}/{path}", params=params, timeout=30)


def resolve(sandbox, handle, host="public.api.bsky.app"):
    path = f"{host}/xrpc/com.atproto.identity.resolveHandle"
    return get(sandbox, path, handle=handle)


def did_of(sandbox, handle):
    return good(resolve(sandbox, handle))["did"]


@pytest.mark.parametrize("handle", [MAYA, NOAH, HARBOR, "MAYA.bsky.social"])
def test_a_handle_resolves_to_its_did(sandbox, handle):
    did = did_of(sandbox, handle)
    assert did.startswith("did:plc:")
    assert len(did) == 32
    domain = get(sandbox, f"{handle.lower()}/.well-known/atproto-did")
    assert domain.text == did


def test_unknown_and_impossible_handles(sandbox):
    unknown = resolve(sandbox, "nobody.bsky.social")
    assert trouble(unknown) == "400 InvalidRequest: Unable to resolve handle"
    assert "Invalid handle" in trouble(resolve(sandbox, "nobody"))
    silent = get(sandbox, "nobody.bsky.social/.well-known/atproto-did")
    assert silent.status_code == 404


def test_the_directory_names_the_server_and_the_handle(sandbox):
    did = did_of(sandbox, MAYA)
    document = good(get(sandbox, f"plc.directory/{did}"))
    (service,) = document["service"]
    assert document["id"] == did
    assert document["alsoKnownAs"] == [f"at://{MAYA}"]
    assert service == {
        "id": "#atproto_pds",
        "type": "AtprotoPersonalDataServer",
        "serviceEndpoint": "https://morel.us-east.host.bsky.network",
    }


def test_an_unregistered_did(sandbox):
    did = "did:plc:" + "a" * 24
    answer = get(sandbox, f"plc.directory/{did}")
    assert answer.status_code == 404
    assert answer.json() == {"message": f"DID not registered: {did}"}


@pytest.mark.parametrize(
    ("handle", "pds", "issuer"),
    [
        (MAYA, "morel.us-east.host.bsky.network", "https://bsky.social"),
        (NOAH, "shimeji.us-east.host.bsky.network", "https://bsky.social"),
        (HARBOR, "pds.harbor.example", "https://pds.harbor.example"),
    ],
)
def test_the_server_names_who_signs_people_in(sandbox, handle, pds, issuer):
    document = good(get(sandbox, f"plc.directory/{did_of(sandbox, handle)}"))
    assert document["service"][0]["serviceEndpoint"] == f"https://{pds}"
    resource = good(get(sandbox, f"{pds}/.well-known/oauth-protected-resource"))
    assert resource["resource"] == f"https://{pds}"
    assert resource["authorization_servers"] == [issuer]


def test_the_authorization_servers_document(sandbox):
    path = "bsky.social/.well-known/oauth-authorization-server"
    about = good(get(sandbox, path))
    issuer = "https://bsky.social"
    assert about["issuer"] == issuer
    for name, place in {
        "pushed_authorization_request_endpoint": "par",
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "revocation_endpoint": "revoke",
    }.items():
        assert about[name] == f"{issuer}/oauth/{place}"
    assert about["require_pushed_authorization_requests"] is True
    assert about["code_challenge_methods_supported"] == ["S256"]
    assert about["dpop_signing_alg_values_supported"] == ["ES256"]
    assert about["authorization_response_iss_parameter_supported"] is True
    assert about["client_id_metadata_document_supported"] is True
    assert "private_key_jwt" in about["token_endpoint_auth_methods_supported"]


def test_the_signing_key_of_a_did_document_is_a_multikey(sandbox):
    document = good(get(sandbox, f"plc.directory/{did_of(sandbox, MAYA)}"))
    (method,) = document["verificationMethod"]
    assert method["type"] == "Multikey"
    # z: base58; its first bytes say that it is a secp256k1 key.
    assert method["publicKeyMultibase"].startswith("zQ3sh")


def test_new_accounts_get_a_did_a_server_and_a_handle(sandbox):
    made = sandbox.identity("bluesky", handle="ada.bsky.social", name="Ada")
    assert did_of(sandbox, "ada.bsky.social") == made["id"]
    with pytest.raises(AssertionError, match="domain name"):
        sandbox.identity("bluesky", handle="ada")
    with pytest.raises(AssertionError, match="must be a DID"):
        sandbox.identity("bluesky", handle="eve.bsky.social", id="eve")


def test_the_same_handle_has_the_same_did_after_a_reset(sandbox):
    first = did_of(sandbox, MAYA)
    sandbox.reset()
    assert did_of(sandbox, MAYA) == first
    base64.b32decode(first.removeprefix("did:plc:").upper())
