"""Signing in: discovery, pushed request, code for token, refresh, revocation.

https://atproto.com/specs/oauth, read 2026-11-21; RFC 9126 (PAR), 7636 (PKCE), 9449
(DPoP), 9207 (`iss` in the answer), 9728 (protected resource metadata).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from platforms import clock
from platforms.bluesky import clients, dpop
from platforms.bluesky.clients import Client, Keys
from platforms.bluesky.errors import NAME, judge
from platforms.bluesky.identity import origin_of
from platforms.bluesky.wire import Dpop, Json, Wire, must_be_safe, text_of
from platforms.client import lost
from platforms.errors import AuthExpired, OutcomeUnknown, Rejected, Unsupported
from platforms.types import Token

METHOD = "oauth"
SCOPE = " ".join(clients.SCOPES)
_SIZE = 200_000
# A stranger's server, and a person who waits.
_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Server:
    """An authorization server, by its own metadata."""

    issuer: str
    authorize: str
    push: str
    token: str
    revoke: str


@dataclass(frozen=True)
class Session:
    """What belongs to the tokens of one sign-in and must be kept with them."""

    dpop_key: str = field(repr=False)
    issuer: str
    pds: str
    token_endpoint: str
    revocation_endpoint: str
    client_id: str
    kid: str

    @classmethod
    def of(cls, token: Token) -> Session:
        """AuthExpired when a part is missing: such a session can't go on."""
        try:
            return cls(**{part.name: token.extra[part.name] for part in fields(cls)})
        except KeyError as missing:
            raise AuthExpired(
                "Connect the Bluesky profile again.", details=f"no {missing}"
            ) from None

    @classmethod
    def begun(cls, secret: Mapping[str, str], pds: str) -> Session:
        """From what `begin` kept, once the account's server is known."""
        kept = {part.name: secret.get(part.name, "") for part in fields(cls)}
        return cls(**{**kept, "pds": pds})

    def extra(self) -> dict[str, str]:
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        return {"method": METHOD, **parts}

    @property
    def client(self) -> Client:
        return Client(self.client_id, self.kid)


# Discovery


def server_of(wire: Wire, origin: str) -> Server:
    """The authorization server of a PDS, or `origin` itself when it is one."""
    try:
        url = f"{origin}/.well-known/oauth-protected-resource"
        resource = wire.json("GET", url, timeout_s=_PATIENCE_S, max_body=_SIZE)
    except Unsupported:
        return metadata(wire, origin)
    servers = resource.get("authorization_servers")
    if resource.get("resource") != origin or not isinstance(servers, list):
        raise Rejected("This server's sign-in data are another server's.")
    if len(servers) != 1 or not isinstance(servers[0], str):
        raise Rejected("This server names no place to sign in.")
    return metadata(wire, servers[0])


def metadata(wire: Wire, issuer: str) -> Server:
    """https://atproto.com/specs/oauth#authorization-servers"""
    if origin_of(issuer) != issuer:
        raise Rejected("This server names no place to sign in.", details=issuer)
    url = f"{issuer}/.well-known/oauth-authorization-server"
    try:
        found = wire.json("GET", url, timeout_s=_PATIENCE_S, max_body=_SIZE)
    except Unsupported as none:
        raise Rejected(
            "This server has no sign-in page for apps. Use an app password.",
            code="no_oauth",
            status=none.status,
        ) from None
    if found.get("issuer") != issuer:
        raise Rejected("This server's sign-in data are another server's.")
    server = Server(
        issuer=issuer,
        authorize=text_of(found, "authorization_endpoint"),
        push=text_of(found, "pushed_authorization_request_endpoint"),
        token=text_of(found, "token_endpoint"),
        revoke=str(found.get("revocation_endpoint") or ""),
    )
    must_be_safe(server.authorize)
    return server


# The way there


def begin(
    wire: Wire, server: Server, client: Client, keys: Keys, ask: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """The address for the person's browser, and the secrets to keep until the return.

    `ask` holds redirect_uri and state, perhaps login_hint and prompt.
    """
    verifier = secrets.token_urlsafe(48)
    pem = dpop.new_key()
    form = {
        **clients.assertion(client, keys, server.issuer),
        "response_type": "code",
        "code_challenge": dpop.digest(verifier),
        "code_challenge_method": "S256",
        "scope": SCOPE,
        **ask,
    }
    answer = wire.json("POST", server.push, auth=Dpop(pem), data=form)
    query = {
        "client_id": client.client_id,
        "request_uri": text_of(answer, "request_uri"),
    }
    secret = {
        "verifier": verifier,
        "dpop_key": pem,
        "issuer": server.issuer,
        "token_endpoint": server.token,
        "revocation_endpoint": server.revoke,
        "client_id": client.client_id,
        "kid": client.kid,
    }
    return f"{server.authorize}?{urlencode(query)}", secret


# The way back


def code_in(query: Mapping[str, str], issuer: str) -> str:
    """The code, when the answer is the asked server's and a yes; else Rejected.

    `iss` is looked at first: the code of one server must never reach another.
    """
    if query.get("iss") != issuer:
        raise Rejected(
            "The answer came from another server than the one asked.",
            code="issuer_mismatch",
        )
    if query.get("error") or not query.get("code"):
        raise Rejected(
            "You didn't allow the connection at Bluesky. Nothing was changed.",
            code=query.get("error") or "no_code",
        )
    return query["code"]


def exchange(
    wire: Wire, secret: Mapping[str, str], keys: Keys, code: str, redirect_uri: str
) -> Json:
    """The token answer, its form checked; whose it is (`sub`) isn't yet."""
    client = Client(secret["client_id"], secret["kid"])
    form = {
        **clients.assertion(client, keys, secret["issuer"]),
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": secret["verifier"],
    }
    auth = Dpop(secret["dpop_key"])
    try:
        answer = wire.json("POST", secret["token_endpoint"], auth=auth, data=form)
    except AuthExpired as refused:
        raise Rejected(
            "Bluesky no longer accepts this sign-in. Start again.",
            code=refused.code,
            status=refused.status,
            details=refused.details,
        ) from None
    return _checked(answer)


def token_from(answer: Json, session: Session) -> Token:
    return Token(
        access=text_of(answer, "access_token"),
        refresh=str(answer.get("refresh_token") or ""),
        expires_at=_expiry(answer),
        scopes=tuple(str(answer.get("scope", "")).split()),
        extra=session.extra(),
    )


# Later


def refresh(wire: Wire, token: Token, keys: Keys, did: str) -> Token:
    """New tokens for old ones; the old access token is dead at once.

    Never sent twice: using a refresh token again ends the session, so a lost answer
    is OutcomeUnknown. AuthExpired when the session has gone.
    """
    session = Session.of(token)
    form = {
        **_assertion(session, keys),
        "grant_type": "refresh_token",
        "refresh_token": token.refresh,
    }
    auth, url = Dpop(session.dpop_key), session.token_endpoint
    try:
        answer = wire.json("POST", url, auth=auth, mutating=True, data=form)
        _checked(answer, mutating=True)
    except OutcomeUnknown as unknown:
        raise OutcomeUnknown(
            "Bluesky didn't confirm the renewal of this connection.",
            status=unknown.status,
            details=unknown.details,
        ) from None
    if answer["sub"] != did:
        raise AuthExpired("Bluesky answered for another account.", code="other_account")
    return token_from(answer, session)


def revoke(wire: Wire, token: Token, keys: Keys) -> None:
    """https://atproto.com/specs/oauth: RFC 7009; an unknown token is fine there."""
    session = Session.of(token)
    if not session.revocation_endpoint:
        return
    form = {**_assertion(session, keys), "token": token.refresh or token.access}
    url = session.revocation_endpoint
    judge(wire.send("POST", url, auth=Dpop(session.dpop_key), data=form))


def _assertion(session: Session, keys: Keys) -> dict[str, str]:
    """AuthExpired when the operator removed the key this session is bound to."""
    if session.kid and keys.named(session.kid) is None:
        raise AuthExpired(
            "This service's key has changed. Connect the Bluesky profile again.",
            code="no_key",
        )
    return clients.assertion(session.client, keys, session.issuer)


def _checked(answer: Json, *, mutating: bool = False) -> Json:
    """Right type and the one scope that every session has, or it is no answer."""
    is_dpop = str(answer.get("token_type", "")).lower() == "dpop"
    names_all = all(isinstance(answer.get(k), str) for k in ("access_token", "sub"))
    if not (is_dpop and names_all and "atproto" in str(answer.get("scope")).split()):
        raise lost(NAME, mutating, "The answer is no DPoP token.")
    return answer


def _expiry(answer: Mapping[str, Any]) -> datetime | None:
    seconds = answer.get("expires_in")
    if not isinstance(seconds, int):
        return None
    return clock.after(min(seconds, 86_400))
