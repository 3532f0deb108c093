"""The only door to the network: routing, time-outs, address guard, size limit, trace.

Two ways to fail: `NotSent` (the connection died before the request left) and
`AnswerLost` (it may have been read). Callers decide what that means for them.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, LocationValueError, NewConnectionError

from core.addresses import AddressRefused
from core.connections import GUARDED, PLAIN
from core.patience import left
from core.redact import redact

CONNECT_S = 5.0
READ_S = 30.0
MAX_BODY = 5_000_000
POOL_SIZE = 10
USER_AGENT = "Later/1 (+https://github.com/later/later)"

# They write addresses and bodies, tokens included, into their lines.
for _talkative in (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.util.retry",
    "requests_oauthlib.oauth2_session",
):
    logging.getLogger(_talkative).addFilter(lambda _: False)

__all__ = ["AddressRefused", "AnswerLost", "BadReply", "Http", "NotSent", "Reply"]


class NotSent(Exception):
    """The request never reached the other side; sending again is safe."""


class AnswerLost(Exception):
    """The request may have been read and acted upon; the answer didn't arrive."""


class BadReply(Exception):
    """An answer arrived and makes no sense (not JSON, too large)."""

    def __init__(self, reason: str, reply: Reply) -> None:
        super().__init__(reason)
        self.reply = reply


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The parsed body; BadReply when it isn't JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise BadReply("The answer is not JSON.", self) from None

    def excerpt(self) -> str:
        """The start of the body, fit to be kept and shown."""
        return redact(self.body[:4_000].decode(errors="replace"), limit=1_000)


@dataclass(frozen=True)
class Routing:
    """Where requests really go. `gateway` answers for every foreign host but `direct`.

    https://HOST/PATH becomes GATEWAY/HOST/PATH. Hosts in `direct` ("host" or
    "host:port") are reached as they are, and private addresses are allowed there.
    """

    gateway: str = ""
    direct: frozenset[str] = frozenset()

    def is_direct(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.netloc in self.direct or (parts.hostname or "") in self.direct

    def route(self, url: str) -> str:
        if not self.gateway or self.is_direct(url) or self._is_gateway(url):
            return url
        return f"{self.gateway}/{url.split('://', 1)[1]}"

    def is_trusted(self, routed: str) -> bool:
        return self._is_gateway(routed) or self.is_direct(routed)

    def _is_gateway(self, url: str) -> bool:
        return bool(self.gateway) and url.startswith(f"{self.gateway}/")


@dataclass
class _Config:
    routing: Routing = field(default_factory=Routing)


_config = _Config()


def configure(*, gateway: str = "", direct: frozenset[str] = frozenset()) -> None:
    """Set the routing of this process, once, at start."""
    _config.routing = Routing(gateway.rstrip("/"), direct)


def routing() -> Routing:
    return _config.routing


def browser_url(url: str) -> str:
    """The address a person's browser must be sent to for a platform's `url`."""
    return _config.routing.route(url)


@dataclass(frozen=True)
class Call:
    """What a trace keeps of one request; nothing secret."""

    method: str
    host: str
    path: str
    status: int | None
    request_id: str
    duration_ms: int
    excerpt: str


_trace: ContextVar[list[Call] | None] = ContextVar("http_trace", default=None)

_REQUEST_ID_HEADERS = ("x-fb-trace-id", "x-fb-request-id", "x-request-id", "cf-ray")


@contextmanager
def trace() -> Iterator[list[Call]]:
    """Collect every call made inside the block, in this thread."""
    calls: list[Call] = []
    reset = _trace.set(calls)
    try:
        yield calls
    finally:
        _trace.reset(reset)


class PooledAdapter(HTTPAdapter):
    """Connects by one set of pools: to any address, or to public ones only."""

    def __init__(self, pools: Mapping[str, type]) -> None:
        self._pools = dict(pools)
        super().__init__(pool_connections=POOL_SIZE, pool_maxsize=POOL_SIZE)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


class RoutedAdapter(PooledAdapter):
    """The one routing point: trusted hosts as they are, all others guarded."""

    def __init__(self) -> None:
        super().__init__(PLAIN)
        self._guarded = PooledAdapter(GUARDED)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        routes = _config.routing
        request.url = routes.route(request.url or "")
        if routes.is_trusted(request.url):
            return super().send(request, *args, **kwargs)
        return self._guarded.send(request, *args, **kwargs)


_local = threading.local()


def session() -> requests.Session:
    """This thread's session, also used by core.oauth."""
    found: requests.Session | None = getattr(_local, "session", None)
    if found is None:
        found = mount(requests.Session())
        _local.session = found
    return found


def operator_session() -> requests.Session:
    """This thread's session to addresses that the operator set: never a person's."""
    found: requests.Session | None = getattr(_local, "operator_session", None)
    if found is None:
        found = mount(requests.Session(), PooledAdapter(PLAIN))
        _local.operator_session = found
    return found


def mount(
    new: requests.Session, adapter: PooledAdapter | None = None
) -> requests.Session:
    """Make any requests session pass the routing point, and no proxy of the shell."""
    new.trust_env = False
    # None of requests' own following: it reads the whole body first, and raises where
    # callers are to see the answer.
    new.get_redirect_target = lambda resp: None  # type: ignore[method-assign]
    new.headers["User-Agent"] = USER_AGENT
    # A thread serves many tenants: what one call was told to remember isn't the next's.
    new.cookies = RequestsCookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    adapter = adapter or RoutedAdapter()
    new.mount("https://", adapter)
    new.mount("http://", adapter)
    return new


class Http:
    """What adapters are given. Tests give them another with the same one method.

    With `of_operator` it goes to an address from the settings: not routed, and private
    addresses are allowed.
    """

    of_operator = False

    def __init__(self, *, of_operator: bool = False) -> None:
        self.of_operator = of_operator

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float = READ_S,
        max_body: int = MAX_BODY,
        keep_start: bool = False,
        **parts: Any,
    ) -> Reply:
        """Send once; no redirects, no retries. The answer has `timeout_s` in all.

        With `keep_start` a body that is too large is cut off there, which is no error.
        `parts` are those of requests: params, data, json, files, headers.
        Raises NotSent, AnswerLost, BadReply (too large), AddressRefused.
        """
        started = time.monotonic()
        time_s = left(timeout_s)
        if time_s <= 0:
            raise NotSent("no time left for this page")
        reply: Reply | None = None
        chosen = operator_session() if self.of_operator else session()
        try:
            with chosen.request(
                method,
                url,
                timeout=(min(CONNECT_S, time_s), time_s),
                allow_redirects=False,
                stream=True,
                **parts,
            ) as response:
                reply = _read(response, max_body, keep_start=keep_start)
        except (requests.RequestException, HTTPError) as error:
            raise _phase(error) from None
        finally:
            _record(method, url, reply, started)
        return reply


def _read(response: requests.Response, max_body: int, *, keep_start: bool) -> Reply:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(65_536):
        chunks.append(chunk)
        size += len(chunk)
        if size > max_body and keep_start:
            break
        if size > max_body:
            cut = Reply(response.status_code, response.headers, b"")
            raise BadReply("The answer is too large.", cut)
    headers = CaseInsensitiveDict(response.headers)
    return Reply(response.status_code, headers, b"".join(chunks)[:max_body])


_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    LocationValueError,
)


def _phase(error: Exception) -> NotSent | AnswerLost:
    """Only what failed before a connection stood is surely not sent."""
    if isinstance(error, _NO_ADDRESS):
        return NotSent(type(error).__name__)
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, NewConnectionError):
        return NotSent("ConnectionError")
    return AnswerLost(type(error).__name__)


def _record(method: str, url: str, reply: Reply | None, started: float) -> None:
    calls = _trace.get()
    if calls is None:
        return
    parts = urlsplit(url)
    headers: Mapping[str, str] = reply.headers if reply else {}
    found = (headers[name] for name in _REQUEST_ID_HEADERS if name in headers)
    calls.append(
        Call(
            method=method,
            host=parts.netloc,
            path=redact(parts.path),
            status=reply.status if reply else None,
            request_id=next(found, ""),
            duration_ms=round((time.monotonic() - started) * 1000),
            excerpt=reply.excerpt() if reply and not reply.ok else "",
        )
    )
