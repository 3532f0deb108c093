"""A Bluesky client of the tests' own: DPoP, PKCE and XRPC, nothing of platforms/."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.sandbox import Sandbox

MAYA = "maya.bsky.social"
NOAH = "noahokafor.example"
HARBOR = "news.harbor.example"
APP_PASSWORD = "demo-demo-demo-demo"
POST = "app.bsky.feed.post"
WHEN = "2026-11-21T22:26:40.000Z"
CALLBACK = "http://127.0.0.1:8999/callback"
ISSUER = "bsky.social"
SCOPE = "atproto transition:generic"
TIMEOUT = 30


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Key:
    """An ES256 key pair with its public JWK."""

    def __init__(self, kid: str = "") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.jwk = json.loads(
            jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key())
        )
        self.jwk |= {"kid": kid, "alg": "ES256"} if kid else {}

    def sign(self, claims: dict[str, Any], **headers: Any) -> str:
        return jwt.encode(claims, self.private, algorithm="ES256", headers=headers)

    def proof(
        self, method: str, url: str, nonce: str = "", token: str = "", **changes: Any
    ) -> str:
        """A DPoP proof; a change to None leaves the claim out."""
        claims: dict[str, Any] = {
            "jti": secrets.token_urlsafe(12),
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
        }
        claims |= {"nonce": nonce} if nonce else {}
        claims |= {"ath": ath(token)} if token else {}
        headers = {"typ": "dpop+jwt", "jwk": self.jwk} | changes.pop("headers", {})
        claims |= changes
        left = {name: value for name, value in claims.items() if value is not None}
        return self.sign(left, **headers)


def ath(token: str) -> str:
    return b64url(hashlib.sha256(token.encode()).digest())


class Client:
    """Speaks for one app; `host` is the authorization server."""

    scheme = "https"

    def __init__(
        self,
        sandbox: Sandbox,
        scope: str = SCOPE,
        *,
        client_id: str = "",
        host: str = ISSUER,
        assertion_key: Key | None = None,
    ) -> None:
        self.sandbox, self.scope, self.host = sandbox, scope, host
        query = urlencode({"redirect_uri": CALLBACK, "scope": scope})
        self.client_id = client_id or f"http://localhost/?{query}"
        self.assertion_key = assertion_key
        self.key = Key()
        self.verifier = ""
        self.nonces: dict[str, str] = {}

    def url(self, host: str, path: str) -> str:
        return f"{self.sandbox.url}/{host}{path}"

    def send(
        self,
        method: str,
        host: str,
        path: str,
        *,
        proof: str | None = None,
        token: str = "",
        key: Key | None = None,
        changes: dict[str, Any] | None = None,
        scheme: str = "DPoP",
        retry: bool = True,
        **kwargs: Any,
    ) -> requests.Response:
        """One call with a fresh proof; once more when a nonce is asked for."""
        answer = requests.Response()
        for _ in range(2 if retry else 1):
            made = proof
            if made is None:
                made = (key or self.key).proof(
                    method,
                    f"{self.scheme}://{host}{path}",
                    self.nonces.get(host, ""),
                    token,
                    **(changes or {}),
                )
            headers = dict(kwargs.get("headers") or {})
            headers |= {"DPoP": made} if made else {}
            headers |= {"Authorization": f"{scheme} {token}"} if token else {}
            answer = requests.request(
                method,
                self.url(host, path),
                timeout=TIMEOUT,
                allow_redirects=False,
                **{**kwargs, "headers": headers},
            )
            known = self.nonces.get(host, "")
            self.nonces[host] = answer.headers.get("DPoP-Nonce", known)
            if "use_dpop_nonce" not in answer.text:
                break
        return answer

    def _form(self, **fields: Any) -> dict[str, str]:
        """Fields of a form with the client's credentials; None leaves one out."""
        form: dict[str, Any] = {"client_id": self.client_id}
        if self.assertion_key is not None:
            kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            form["client_assertion_type"] = kind
            form["client_assertion"] = self.assertion()
        form |= fields
        return {name: value for name, value in form.items() if value is not None}

    def assertion(self, **changes: Any) -> str:
        assert self.assertion_key is not None
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": f"https://{self.host}",
            "jti": secrets.token_urlsafe(12),
            "iat": now,
            "exp": now + 60,
        } | changes
        left = {name: value for name, value in claims.items() if value is not None}
        return self.assertion_key.sign(left, kid=self.assertion_key.jwk.get("kid"))

    def par(self, send: dict[str, Any] | None = None, **changes: Any):
        """A verifier is for one sign-in, so each request has a new one."""
        self.verifier = secrets.token_urlsafe(48)
        form = {
            "response_type": "code",
            "code_challenge": b64url(hashlib.sha256(self.verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "state": "xyz",
            "redirect_uri": CALLBACK,
            "scope": self.scope,
        } | changes
        return self.send(
            "POST", self.host, "/oauth/par", data=self._form(**form), **(send or {})
        )

    def page(self, request_uri: str) -> str:
        query = urlencode({"client_id": self.client_id, "request_uri": request_uri})
        return self.url(self.host, f"/oauth/authorize?{query}")

    def decide(self, identity: str, decision: str = "allow", **par: Any):
        """The parameters the browser comes back with."""
        page = self.page(self.par(**par).json()["request_uri"])
        form = {"identity": identity, "decision": decision, "scope": self.scope.split()}
        answer = requests.post(page, data=form, allow_redirects=False, timeout=TIMEOUT)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def exchange(self, code: str, send: dict[str, Any] | None = None, **changes: Any):
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": self.verifier,
        } | changes
        return self.send(
            "POST", self.host, "/oauth/token", data=self._form(**form), **(send or {})
        )

    def refresh(self, token: str, **send: Any):
        form = self._form(grant_type="refresh_token", refresh_token=token)
        return self.send("POST", self.host, "/oauth/token", data=form, **send)

    def revoke(self, token: str):
        form = self._form(token=token)
        return self.send("POST", self.host, "/oauth/revoke", data=form)

    def sign_in(self, identity: str) -> dict[str, Any]:
        return self.exchange(self.decide(identity)["code"]).json()


class Account:
    """A person signed in by app password; answers are `requests.Response`."""

    def __init__(self, sandbox: Sandbox, handle: str = MAYA) -> None:
        self.sandbox = sandbox
        self.minted = sandbox.token("bluesky", handle, how="app_password")
        self.did: str = self.minted["did"]
        self.host = urlsplit(self.minted["pds"]).netloc
        self.token: str = self.minted["accessJwt"]

    def call(self, method: str, nsid: str, token: str | None = None, **how: Any):
        headers = dict(how.pop("headers", {}))
        used = self.token if token is None else token
        headers |= {"Authorization": f"Bearer {used}"} if used else {}
        url = f"{self.sandbox.url}/{self.host}/xrpc/{nsid}"
        return requests.request(method, url, headers=headers, timeout=TIMEOUT, **how)

    def get(self, nsid: str, **params: Any):
        return self.call("GET", nsid, params=params)

    def post(self, nsid: str, body: Any = None, **how: Any):
        return self.call("POST", nsid, json=body, **how)

    def write(self, verb: str, **body: Any):
        """createRecord, putRecord … in the account's own repository."""
        place = {"repo": self.did, "collection": POST}
        return self.post(f"com.atproto.repo.{verb}", place | body)

    def create(self, text: str = "hi", rkey: str = "", **fields: Any):
        key = {"rkey": rkey} if rkey else {}
        return self.write("createRecord", record=record(text, **fields), **key)

    def upload(self, data: bytes, mime: str = "image/jpeg"):
        nsid, headers = "com.atproto.repo.uploadBlob", {"Content-Type": mime}
        return self.call("POST", nsid, data=data, headers=headers)

    def blob(self, data: bytes, mime: str = "image/jpeg") -> dict[str, Any]:
        return good(self.upload(data, mime))["blob"]


def record(text: str = "hi", **fields: Any) -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": WHEN, **fields}


def good(answer: requests.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def trouble(answer: requests.Response) -> str:
    """`<status> <error>: <message>`, of XRPC or of OAuth."""
    body = answer.json()
    words = body.get("message") or body.get("error_description")
    return f"{answer.status_code} {body['error']}: {words}"
