"""Requests to servers that people choose: https only, signed, judged by the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from core.http import Http, Reply, routing
from platforms.bluesky import dpop, usage
from platforms.bluesky.errors import NAME, USE_NONCE, error_of, judge
from platforms.client import call, json_of, lost
from platforms.errors import Rejected

Json = dict[str, Any]

# Below lie the ports of mail, shells and the like: nobody's web server.
HTTPS, FREE_PORTS = 443, 1024


class Auth(Protocol):
    def headers(self, method: str, url: str, nonce: str) -> dict[str, str]: ...


@dataclass(frozen=True)
class Bearer:
    """App passwords and service tokens."""

    token: str = field(repr=False)

    def headers(self, method: str, url: str, nonce: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Dpop:
    """An OAuth session's key; without `access` it only proves the key."""

    pem: str = field(repr=False)
    access: str = field(default="", repr=False)

    def headers(self, method: str, url: str, nonce: str) -> dict[str, str]:
        proof = dpop.proof(self.pem, method, url, nonce=nonce, access=self.access)
        if not self.access:
            return {"DPoP": proof}
        return {"Authorization": f"DPoP {self.access}", "DPoP": proof}


class Wire:
    """`core.http` with this platform's manners. One for the process."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.nonces = dpop.Nonces()

    def send(
        self,
        method: str,
        url: str,
        *,
        auth: Auth | None = None,
        mutating: bool = False,
        **parts: Any,
    ) -> Reply:
        """The reply, unjudged. A demand for a nonce is met once: it was not acted on.

        `mutating` as in `platforms.client.call`.
        """
        must_be_safe(url)
        reply = self._once(method, url, auth, mutating, parts)
        if isinstance(auth, Dpop) and error_of_refusal(reply) == USE_NONCE:
            reply = self._once(method, url, auth, mutating, parts)
        return reply

    def _once(
        self,
        method: str,
        url: str,
        auth: Auth | None,
        mutating: bool,
        parts: Mapping[str, Any],
    ) -> Reply:
        headers = dict(parts.get("headers") or {})
        if auth is not None:
            headers |= auth.headers(method, url, self.nonces.get(url))
        rest = {**parts, "headers": headers}
        reply = call(self.http, NAME, method, url, mutating=mutating, **rest)
        self.nonces.keep(url, reply.headers.get("DPoP-Nonce", ""))
        if reply.ok:
            usage.listen(reply)
        return reply

    def json(
        self, method: str, url: str, *, mutating: bool = False, **parts: Any
    ) -> Json:
        """The judged reply's JSON object."""
        reply = self.send(method, url, mutating=mutating, **parts)
        judge(reply, mutating=mutating)
        return object_of(reply, mutating=mutating)


@dataclass(frozen=True)
class Xrpc:
    """One server's calls by name (NSID), with one session's rights."""

    wire: Wire
    base: str
    auth: Auth | None = None

    def url(self, nsid: str) -> str:
        return f"{self.base}/xrpc/{nsid}"

    def query(self, nsid: str, params: Mapping[str, Any]) -> Json:
        return self.wire.json("GET", self.url(nsid), auth=self.auth, params=params)

    def procedure(self, nsid: str, *, mutating: bool = False, **parts: Any) -> Json:
        url = self.url(nsid)
        return self.wire.json("POST", url, auth=self.auth, mutating=mutating, **parts)


def object_of(reply: Reply, *, mutating: bool = False) -> Json:
    """The reply's JSON object, or the right error when it is none."""
    body = json_of(reply, NAME, mutating=mutating)
    if not isinstance(body, dict):
        raise lost(NAME, mutating, "The answer is no JSON object.", reply.status)
    return body


def error_of_refusal(reply: Reply) -> str:
    return error_of(reply) if reply.status in (400, 401) else ""


def must_be_safe(url: str) -> None:
    """Rejected unless plain https, or a host that this installation reaches directly."""
    if routing().is_direct(url):
        return
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError:
        raise _no_https(url) from None
    if parts.scheme != "https" or "@" in parts.netloc:
        raise _no_https(url)
    if port != HTTPS and port < FREE_PORTS:
        raise Rejected(f"A Bluesky server can't be at port {port}.", details=url)


def _no_https(url: str) -> Rejected:
    return Rejected("A Bluesky server must have an https address.", details=url)


def text_of(body: Mapping[str, Any], name: str) -> str:
    """A required text of a foreign JSON object; Unavailable when it isn't there."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise lost(NAME, mutating=False, details=f"The answer has no {name!r}.")
    return value
