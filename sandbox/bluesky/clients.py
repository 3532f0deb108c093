"""OAuth clients: metadata documents that are really fetched, signed assertions."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import jwt

from sandbox.bluesky.errors import OAuthError
from sandbox.world import World

CACHED_S = 600
FETCH_TIMEOUT_S = 10
MAX_DOCUMENT = 64 * 1024
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFE_S = 300
LOOPBACK_REDIRECTS = ("http://127.0.0.1/", "http://[::1]/")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1"})


@dataclass(slots=True)
class Client:
    """What a client declared about itself. No `keys` means a public client."""

    id: str
    name: str
    redirect_uris: list[str]
    scopes: list[str]
    confidential: bool = False
    jwks_uri: str = ""
    keys: list[dict[str, Any]] = field(default_factory=list)


def bad_metadata(client_id: str, reason: str) -> OAuthError:
    return OAuthError(
        "invalid_client_metadata",
        f'Unable to obtain client metadata for "{client_id}": {reason}',
    )


def bad_client(reason: str) -> OAuthError:
    return OAuthError("invalid_client", reason, 401)


class Clients:
    """Documents are cached for ten minutes, as the official server does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._cache: dict[str, tuple[float, Client]] = {}
        self._assertions: dict[str, float] = {}

    def forget(self) -> None:
        self._cache.clear()
        self._assertions.clear()

    async def get(self, client_id: str) -> Client:
        """OAuthError `invalid_client_metadata` if it has no good document."""
        cached = self._cache.get(client_id)
        if cached is not None and cached[0] > time.monotonic():
            return cached[1]
        client = await self._load(client_id)
        self._cache[client_id] = (time.monotonic() + CACHED_S, client)
        return client

    async def _load(self, client_id: str) -> Client:
        parts = urlsplit(client_id)
        if parts.scheme == "http" and parts.hostname == "localhost":
            return loopback_client(client_id)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise bad_metadata(client_id, "Invalid URL")
        document = await self._fetch(client_id, client_id)
        return read_metadata(client_id, document)

    async def _fetch(self, client_id: str, url: str) -> dict[str, Any]:
        """200, JSON, no redirect."""
        timeout = aiohttp.ClientTimeout(total=FETCH_TIMEOUT_S)
        headers = {"Accept": "application/json"}
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise bad_metadata(client_id, f"unexpected HTTP {answer.status}")
                if "json" not in answer.content_type:
                    raise bad_metadata(client_id, "unexpected Content-Type")
                document = json.loads(await answer.content.read(MAX_DOCUMENT))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise bad_metadata(client_id, f"{url} cannot be read") from error
        if not isinstance(document, dict):
            raise bad_metadata(client_id, "the document is no object")
        return document

    async def authenticate(self, form: dict[str, Any], issuer: str) -> Authenticated:
        """The client of a form, with its assertion if it is confidential."""
        client_id = str(form.get("client_id") or "")
        if not client_id:
            raise OAuthError("invalid_client", "Client credentials missing")
        client = await self.get(client_id)
        if not client.confidential:
            return Authenticated(client, "")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise bad_client('client authentication method "private_key_jwt" required')
        assertion = str(form.get("client_assertion") or "")
        return Authenticated(client, await self._check(client, assertion, issuer))

    async def _check(self, client: Client, assertion: str, issuer: str) -> str:
        """The `kid` the assertion is signed with."""
        try:
            kid = str(jwt.get_unverified_header(assertion).get("kid") or "")
        except jwt.InvalidTokenError as error:
            raise bad_client("client_assertion is no JWT") from error
        key = await self._key(client, kid)
        try:
            claims = jwt.decode(
                assertion,
                jwt.PyJWK.from_dict(key, algorithm="ES256").key,
                algorithms=["ES256"],
                audience=issuer,
                issuer=client.id,
                leeway=30,
                options={"require": ["jti", "iat", "sub"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise bad_client(
                f"Validation of client_assertion failed: {error}"
            ) from error
        self._check_claims(client, claims)
        return kid

    def _check_claims(self, client: Client, claims: dict[str, Any]) -> None:
        if claims["sub"] != client.id:
            raise bad_client("client_assertion: sub must be the client_id")
        now = time.time()
        if now - claims["iat"] > ASSERTION_LIFE_S:
            raise bad_client("client_assertion is too old")
        for jti in [old for old, ends in self._assertions.items() if ends < now]:
            del self._assertions[jti]
        if claims["jti"] in self._assertions:
            raise bad_client("client_assertion was used before")
        self._assertions[claims["jti"]] = now + ASSERTION_LIFE_S

    async def _key(self, client: Client, kid: str) -> dict[str, Any]:
        """A key that is new in the client's set is looked for once more."""
        found = key_named(client.keys, kid)
        if found is None and client.jwks_uri:
            document = await self._fetch(client.id, client.jwks_uri)
            client.keys = [key for key in document.get("keys", []) if "d" not in key]
            found = key_named(client.keys, kid)
        if found is None:
            raise bad_client(f'client_assertion: no key "{kid}" in the key set')
        return found


@dataclass(frozen=True, slots=True)
class Authenticated:
    """`key` is the `kid` of a confidential client, "" for a public one."""

    client: Client
    key: str


def key_named(keys: list[dict[str, Any]], kid: str) -> dict[str, Any] | None:
    return next((key for key in keys if kid and key.get("kid") == kid), None)


def loopback_client(client_id: str) -> Client:
    """`http://localhost?redirect_uri=…&scope=…`: a public client for development."""
    parts = urlsplit(client_id)
    if parts.netloc != "localhost" or parts.path not in ("", "/") or parts.fragment:
        raise OAuthError("invalid_client_metadata", f'Invalid client ID "{client_id}"')
    query = parse_qs(parts.query)
    redirects = query.get("redirect_uri", list(LOOPBACK_REDIRECTS))
    for redirect in redirects:
        target = urlsplit(redirect)
        if target.scheme != "http" or target.hostname not in LOOPBACK_HOSTS:
            raise bad_metadata(client_id, "redirect_uri must be 127.0.0.1 or [::1]")
    scopes = " ".join(query.get("scope", ["atproto"])).split()
    return Client(client_id, "Loopback client", redirects, scopes)


def read_metadata(client_id: str, document: dict[str, Any]) -> Client:
    """Checked as atproto wants it; the first fault is named."""
    method = document.get("token_endpoint_auth_method", "none")
    for fault, reason in (
        (document.get("client_id") != client_id, "client_id does not match its URL"),
        (not document.get("redirect_uris"), "at least one redirect_uri is needed"),
        ("atproto" not in scopes_of(document), 'the "atproto" scope is missing'),
        (
            "authorization_code" not in (document.get("grant_types") or []),
            'the "authorization_code" grant type is missing',
        ),
        (
            "code" not in (document.get("response_types") or []),
            'the "code" response type is missing',
        ),
        (
            document.get("dpop_bound_access_tokens") is not True,
            '"dpop_bound_access_tokens" must be true',
        ),
        (
            method not in ("none", "private_key_jwt"),
            f'unsupported token_endpoint_auth_method "{method}"',
        ),
        (
            method == "private_key_jwt"
            and not (document.get("jwks") or document.get("jwks_uri")),
            "private_key_jwt needs jwks or jwks_uri",
        ),
        (
            method == "private_key_jwt"
            and document.get("token_endpoint_auth_signing_alg") != "ES256",
            "token_endpoint_auth_signing_alg must be ES256",
        ),
    ):
        if fault:
            raise bad_metadata(client_id, reason)
    keys = (document.get("jwks") or {}).get("keys", [])
    return Client(
        id=client_id,
        name=str(document.get("client_name") or client_id),
        redirect_uris=[str(uri) for uri in document["redirect_uris"]],
        scopes=scopes_of(document),
        confidential=method == "private_key_jwt",
        jwks_uri=str(document.get("jwks_uri") or ""),
        keys=list(keys),
    )


def scopes_of(document: dict[str, Any]) -> list[str]:
    return str(document.get("scope") or "").split()
