"""A Bluesky that answers every call well, in canned replies (the fact sheet's shapes)."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from platforms import clock
from platforms.adapter import Credentials
from platforms.bluesky import clients, dpop
from platforms.bluesky.adapter import Bluesky
from platforms.types import Draft, Job, Profile, Token, Visit
from tests.platforms.fakes import FakeHttp, Sent, reply

DID = "did:plc:abc234abc234abc234abc234"
OTHER_DID = "did:plc:zzz234zzz234zzz234zzz234"
HANDLE = "ada.example.org"
PDS = "https://morel.us-east.host.bsky.network"
ISSUER = "https://bsky.social"
BASE = "https://later.example"
CALLBACK = f"{BASE}/connect/bluesky/callback"
POSTS = "app.bsky.feed.post"

ACCESS, REFRESH = "access-secret-1a2b3c", "ref-secret9f8e7d6c5b4a"
APP_PASSWORD = "abcd-efgh-ijkl-mnop"
CODE = "cod-secret0123456789abcdef"
DPOP_KEY = dpop.new_key()
CLIENT_KEY = dpop.new_key()
SERVICE_TOKEN = "service-token-secret"


def jwt(**claims: Any) -> str:
    """A token as app passwords get it; nobody but its maker looks at the signature."""
    parts = ({"typ": "at+jwt", "alg": "HS256"}, claims, "signed")
    raw = (json.dumps(part).encode() for part in parts)
    return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in raw)


def session_answer(**changes: Any) -> dict[str, Any]:
    expires = int(clock.now().timestamp()) + 7_200
    return {
        "did": DID,
        "handle": HANDLE,
        "accessJwt": jwt(scope="com.atproto.appPass", sub=DID, exp=expires),
        "refreshJwt": jwt(scope="com.atproto.refresh", sub=DID, exp=expires * 2),
        "active": True,
        **changes,
    }


def token_answer(**changes: Any) -> dict[str, Any]:
    return {
        "access_token": ACCESS,
        "token_type": "DPoP",
        "refresh_token": REFRESH,
        "scope": "atproto transition:generic",
        "expires_in": 3_599,
        "sub": DID,
        **changes,
    }


def did_document(did: str = DID, handle: str = HANDLE, pds: str = PDS) -> Any:
    service = {
        "id": "#atproto_pds",
        "type": "AtprotoPersonalDataServer",
        "serviceEndpoint": pds,
    }
    return {"id": did, "alsoKnownAs": [f"at://{handle}"], "service": [service]}


def server_metadata(issuer: str = ISSUER) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "pushed_authorization_request_endpoint": f"{issuer}/oauth/par",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
    }


def blob(cid: str = "bafkreifake", mime: str = "image/jpeg") -> dict[str, Any]:
    return {"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": 12}


def world() -> FakeHttp:
    http = FakeHttp()
    _identity(http)
    _oauth(http)
    _sessions(http)
    _repo(http)
    _video(http)
    return http


def _identity(http: FakeHttp) -> None:
    http.on("GET", "xrpc/com.atproto.identity.resolveHandle", reply({"did": DID}))
    http.on("GET", f"^{HANDLE}/.well-known/atproto-did", reply(DID.encode()))
    http.on("GET", "^plc.directory/did:plc:", reply(did_document()))
    profile = {
        "did": DID,
        "handle": HANDLE,
        "displayName": "Ada",
        "avatar": "https://a",
    }
    http.on("GET", "api.bsky.app/xrpc/app.bsky.actor.getProfile", reply(profile))


def _oauth(http: FakeHttp) -> None:
    resource = {"resource": PDS, "authorization_servers": [ISSUER]}
    http.on("GET", "bsky.network/.well-known/oauth-protected", reply(resource))
    http.on("GET", "^bsky.social/.well-known/oauth-protected", reply({}, 404))
    http.on("GET", "^bsky.social/.well-known/oauth-authoriz", reply(server_metadata()))
    http.on("GET", "bsky.network/.well-known/oauth-authoriz", reply({}, 404))
    pushed = {"request_uri": "urn:ietf:params:oauth:request_uri:req-1", "expires_in": 9}
    http.on("POST", "^bsky.social/oauth/par", reply(pushed, 201, dpop_nonce="n-1"))
    http.on("POST", "^bsky.social/oauth/token", reply(token_answer()))
    http.on("POST", "^bsky.social/oauth/revoke", reply({}))


def _sessions(http: FakeHttp) -> None:
    for name in ("createSession", "refreshSession"):
        http.on("POST", f"xrpc/com.atproto.server.{name}", reply(session_answer()))
    http.on("POST", "xrpc/com.atproto.server.deleteSession", reply(b""))


def _repo(http: FakeHttp) -> None:
    http.on("POST", "xrpc/com.atproto.repo.uploadBlob", reply({"blob": blob()}))
    for name in ("putRecord", "createRecord"):
        http.on("POST", f"xrpc/com.atproto.repo.{name}", written)
    http.on("GET", "xrpc/com.atproto.repo.getRecord", kept)


def kept(sent: Sent) -> Any:
    asked = sent.query
    uri = f"at://{asked['repo']}/{asked['collection']}/{asked['rkey']}"
    return reply({"uri": uri, "cid": "bafyreifake", "value": {}})


def written(sent: Sent) -> Any:
    uri = f"at://{sent.json['repo']}/{sent.json['collection']}/{sent.json['rkey']}"
    return reply({"uri": uri, "cid": "bafyreifake", "commit": {"cid": "c", "rev": "r"}})


def _video(http: FakeHttp) -> None:
    token = reply({"token": SERVICE_TOKEN})
    http.on("GET", "xrpc/com.atproto.server.getServiceAuth", token)
    http.on("GET", "^video.bsky.app/.*getUploadLimits", reply({"canUpload": True}))
    http.on("POST", "^video.bsky.app/.*uploadVideo", job("JOB_STATE_CREATED"))
    done = job("JOB_STATE_COMPLETED", blob=blob("bafkreivideo", "video/mp4"))
    http.on("GET", "^video.bsky.app/.*getJobStatus", job("JOB_STATE_ENCODING"), done)


def job(state: str, **facts: Any) -> Any:
    return reply(
        {"jobStatus": {"jobId": "d0fake", "did": DID, "state": state, **facts}}
    )


def oauth_token(**changes: Any) -> Token:
    extra = {
        "method": "oauth",
        "dpop_key": DPOP_KEY,
        "issuer": ISSUER,
        "pds": PDS,
        "token_endpoint": f"{ISSUER}/oauth/token",
        "revocation_endpoint": f"{ISSUER}/oauth/revoke",
        "client_id": f"{BASE}{clients.METADATA_PATH}",
        "kid": clients.Keys(CLIENT_KEY).all[0].kid,
    }
    token = Token(
        ACCESS, REFRESH, clock.after(3_600), ("atproto", "transition:generic"), extra
    )
    return replace(token, **changes)


def password_token() -> Token:
    answer = session_answer()
    extra = {"method": "app_password", "pds": PDS}
    scopes = ("com.atproto.appPass",)
    return Token(
        answer["accessJwt"], answer["refreshJwt"], clock.after(7_200), scopes, extra
    )


PROFILE = Profile(DID, HANDLE)


def job_of(draft: Draft, token: Token | None = None) -> Job:
    return Job(draft, PROFILE, token or oauth_token(), "target-1")


def visit(method: str = "oauth", **inputs: str) -> Visit:
    return Visit(method, CALLBACK, "state-1", BASE, inputs)


def adapter(http: FakeHttp, **credentials: str) -> Bluesky:
    known = {"BLUESKY_PRIVATE_KEY": CLIENT_KEY, **credentials}
    return Bluesky(Credentials(known), http)


def claims_of(proof: str) -> dict[str, Any]:
    """What a JWT of ours says, its signature left aside."""
    body = proof.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
