"""A Mastodon server's endpoints that connecting needs, one function each.

https://docs.joinmastodon.org/methods/{instance,apps,oauth,accounts}/ (2026-11-21). The
paths are the documented ones: what a stranger's server says of others isn't followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.http import Http, Reply
from platforms.client import call, read_as
from platforms.errors import Rejected, Unavailable
from platforms.mastodon.errors import NAME, UNKNOWN_CLIENT, said_in, value_of
from platforms.mastodon.permissions import PROFILE, SERVER
from platforms.mastodon.server import host_in

T = TypeVar("T")

TIMEOUT_S = 15.0
MAX_BODY = 1_000_000
HOPS = 3
CLIENT_NAME = "Later"
MOVED = (301, 302, 307, 308)


@dataclass(frozen=True)
class Instance:
    """`host` answers; `domain` is what names of its accounts end in."""

    host: str
    domain: str
    version: str


@dataclass(frozen=True)
class App:
    """Our registration at one server."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Account:
    id: str
    username: str
    name: str
    picture_url: str


@dataclass(frozen=True)
class Access:
    """`expires_in` in seconds, 0 for none; only some other servers send it."""

    token: str = field(repr=False)
    scopes: tuple[str, ...]
    expires_in: int


@dataclass(frozen=True)
class Server:
    """How to ask one server, with or without a token."""

    http: Http
    host: str
    token: str = field(default="", repr=False)

    def send(self, method: str, path: str, **parts: Any) -> Reply:
        headers = {"Accept-Language": "en"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return call(
            self.http,
            NAME,
            method,
            f"https://{self.host}{path}",
            headers=headers,
            timeout_s=TIMEOUT_S,
            max_body=MAX_BODY,
            **parts,
        )

    def ask(self, method: str, path: str, read: Callable[[Any], T], **parts: Any) -> T:
        reply = self.send(method, path, **parts)
        return read_as(read, value_of(reply, (PROFILE,)), NAME)


def instance(http: Http, host: str) -> Instance:
    """GET /api/v2/instance, before 4.0 /api/v1/instance; follows a few moves."""
    for _ in range(HOPS):
        try:
            reply = _about(Server(http, host))
            if reply.status not in MOVED:
                return _instance(host, reply)
        except Unavailable as error:
            raise _silent(host, error) from None
        host = host_in(reply.headers.get("location", ""))
    raise _no_server(host)


def register(server: Server, redirect_uri: str, scopes: tuple[str, ...]) -> App:
    """POST /api/v1/apps. One address as a text: every version takes that."""
    fields = {
        "client_name": CLIENT_NAME,
        "redirect_uris": redirect_uri,
        "scopes": " ".join(scopes),
    }
    return server.ask(
        "POST", "/api/v1/apps", lambda body: _app(body, scopes), data=fields
    )


def knows(server: Server, app: App) -> bool:
    """POST /oauth/token for the app itself; any answer but one leaves it standing."""
    sent = {
        "grant_type": "client_credentials",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "scope": " ".join(app.scopes),
    }
    reply = server.send("POST", "/oauth/token", data=sent)
    return reply.ok or said_in(reply) != UNKNOWN_CLIENT


def exchange(server: Server, app: App, **fields: str) -> Access:
    """POST /oauth/token"""
    sent = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        **fields,
    }
    return server.ask("POST", "/oauth/token", _access, data=sent)


def verify_credentials(server: Server) -> Account:
    """GET /api/v1/accounts/verify_credentials"""
    return server.ask("GET", "/api/v1/accounts/verify_credentials", _account)


def revoke(server: Server, client_id: str, client_secret: str) -> None:
    """POST /oauth/revoke"""
    sent = {
        "client_id": client_id,
        "client_secret": client_secret,
        "token": server.token,
    }
    # The token is in the form; the header is for calls that use it.
    Server(server.http, server.host).ask("POST", "/oauth/revoke", bool, data=sent)


def _about(server: Server) -> Reply:
    reply = server.send("GET", "/api/v2/instance")
    if reply.status == 404:
        return server.send("GET", "/api/v1/instance")
    return reply


def _instance(host: str, reply: Reply) -> Instance:
    if reply.status in (400, 403, 404, 410, 422):
        raise _no_server(host)
    body = value_of(reply)
    if not isinstance(body, dict) or not isinstance(body.get("version"), str):
        raise _no_server(host)
    domain = str(body.get("domain") or body.get("uri") or "").lower()
    return Instance(host, _own_domain(host, domain), body["version"][:64])


def _own_domain(host: str, domain: str) -> str:
    """A server may lie on a part of its domain, and may not claim another one."""
    return domain if domain and host.endswith(f".{domain}") else host


def _no_server(host: str) -> Rejected:
    words = f"There is no Mastodon server at {host}. Check the name of your server."
    return Rejected(words, field=SERVER, code="no_server")


def _silent(host: str, error: Unavailable) -> Rejected:
    """A mistyped name and a server that is down look alike from here."""
    words = f"{host} doesn't answer. Check the name of your server, or try again later."
    facts = {"status": error.status, "details": error.details}
    return Rejected(words, field=SERVER, code="no_answer", **facts)


def _app(body: Any, scopes: tuple[str, ...]) -> App:
    return App(_text(body["client_id"]), _text(body["client_secret"]), scopes)


def _access(body: Any) -> Access:
    return Access(
        _text(body["access_token"]),
        tuple(str(body.get("scope") or "").split()),
        int(body.get("expires_in") or 0),
    )


def _account(body: Any) -> Account:
    return Account(
        id=_text(body["id"]),
        username=_text(body["username"]),
        name=str(body.get("display_name") or ""),
        picture_url=str(body.get("avatar") or ""),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 2_000:
        raise TypeError("a text was expected")
    return value
