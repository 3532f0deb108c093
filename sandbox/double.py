"""How a platform's double plugs into the sandbox.

1. Write `sandbox/<platform>.py` with a subclass of `Double`; add its dotted path
   to `DOUBLES` in `sandbox/registry.py`. That is all the core needs.
2. Declare
   - `key`, `title`, `hosts`: `/HOST/PATH` is answered by the double owning HOST.
     `*.host.example` matches subdomains. Two doubles may share a host: the
     first whose route matches answers.
   - `steps`: documented operation names ("publish", "me" …) for faults and calls.
   - `switches`: own settings with defaults, read by `self.setting("name")`.
   - `tables`: declare in `__init__` with `self.state.table("<key>.<name>", Row)`,
     Row a dataclass of JSON values. They persist by themselves; call
     `self.state.touch()` after a change.
3. `routes()` lists `Route(method, path, step, handler)`. `{name}` in a path is one
   segment (it may stand inside text: `/bot{token}/{method}`), `{name:path}` takes
   slashes, `{name:regex}` what the expression says. `step` may be a function of the
   call, async if it reads the body. `hosts` narrows to some hosts.
4. A handler is `async def handler(self, call: Call) -> web.StreamResponse`:
   `await call.fields()` gives query and body parameters in one mapping (text for
   query and forms, JSON values for JSON bodies; `aiohttp.web.FileField` for files),
   `await call.body()` the raw bytes, `call.bearer()` the token of the
   Authorization header. Raise a subclass of `Refusal` to refuse.
5. `profile_of(call)` names whose call it is (for faults and the call log).
6. `seed()` fills identities after a start without state and after a reset.
7. `error_response(rule, call)` and `rate_limited_response(rule, call)` give faults
   the platform's own shape; `mint(identity, request)` answers what a code exchange
   would have returned; `revoke`, `expire`, `remove_permissions` act on tokens.
8. An accepted publication goes to `self.world.publish(Publication(...))` *before*
   the handler answers. Media: `sandbox.media` (fetch by address, receive bytes,
   look inside). Consent pages: `sandbox.oauth`. Time: `self.world.now()`, never
   the clock itself. Background work: `self.world.spawn(coroutine)`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aiohttp import web

from sandbox.callbacks import Outgoing
from sandbox.faults import Fault
from sandbox.state import Identity, State, Token

if TYPE_CHECKING:
    from sandbox.world import World

_FIELD = re.compile(r"\{(\w+)(?::([^{}]+))?\}")

_SHAPES = {None: "[^/]+", "path": ".+"}


class Refusal(Exception):
    """A platform's "no". Raised anywhere in a handler, answered as `response()`."""

    def response(self) -> web.Response:
        raise NotImplementedError


class Call:
    """One request to a platform, with the parameters of its path."""

    def __init__(self, request: web.Request, host: str, path: str) -> None:
        self.request = request
        self.host = host
        self.path = path
        self.params: dict[str, str] = {}
        self.step = "unknown"
        self.profile = ""
        self._fields: dict[str, Any] | None = None

    def bearer(self, scheme: str = "Bearer") -> str:
        """The token of `Authorization: <scheme> <token>`, else empty."""
        name, _, value = self.request.headers.get("Authorization", "").partition(" ")
        return value.strip() if name.lower() == scheme.lower() else ""

    async def body(self) -> bytes:
        return await self.request.read()

    async def json(self) -> Any:
        """None if the body is no JSON."""
        try:
            return json.loads(await self.request.read() or b"null")
        except ValueError:
            return None

    async def fields(self) -> dict[str, Any]:
        """Query parameters overlaid by those of a form, multipart or JSON body."""
        if self._fields is None:
            self._fields = {**self.request.query, **await self._body_fields()}
        return self._fields

    async def _body_fields(self) -> dict[str, Any]:
        kind = self.request.content_type
        if kind == "application/json":
            sent = await self.json()
            return sent if isinstance(sent, dict) else {}
        if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            return dict(await self.request.post())
        return {}


Handler = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of a platform. `method` "*" takes all."""

    method: str
    path: str
    step: str | Callable[[Call], str | Awaitable[str]]
    handler: Handler
    hosts: tuple[str, ...] = ()

    def pattern(self) -> re.Pattern[str]:
        """Outside the braces the path is literal."""
        parts, end = [], 0
        for found in _FIELD.finditer(self.path):
            parts.append(re.escape(self.path[end : found.start()]))
            shape = _SHAPES.get(found[2], found[2])
            parts.append(f"(?P<{found[1]}>{shape})")
            end = found.end()
        parts.append(re.escape(self.path[end:]))
        return re.compile("".join(parts) + "/?")

    async def step_of(self, call: Call) -> str:
        step = self.step if isinstance(self.step, str) else self.step(call)
        return step if isinstance(step, str) else await step


class Double:
    """Base of every platform's double. The module's text tells how to write one."""

    key: ClassVar[str]
    title: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    steps: ClassVar[tuple[str, ...]] = ()
    switches: ClassVar[dict[str, Any]] = {}

    def __init__(self, world: World) -> None:
        self.world = world
        self.state: State = world.state
        world.settings.declare(self.key, self.switches)

    def setting(self, name: str) -> Any:
        return self.world.settings[f"{self.key}.{name}"]

    def routes(self) -> list[Route]:
        raise NotImplementedError

    def seed(self) -> None:
        """Fill empty tables with the identities everyone may count on."""

    def resume(self) -> None:
        """After a restart: settle what was in flight when the process ended."""

    async def profile_of(self, call: Call) -> str:
        """Id of the profile a call is about, "" if it is about none."""
        return ""

    def not_found(self, call: Call) -> web.Response:
        return web.json_response({"error": "not found"}, status=404)

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        """Answer of an `error` rule that brings no body of its own."""
        return web.json_response({"error": "server_error"}, status=rule.status)

    def rate_limited_response(self, rule: Fault, call: Call) -> web.Response:
        """The platform's own "too many"; the default is HTTP 429."""
        return too_many(rule)

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        """A new identity as asked for by the control API; refuse by ValueError."""
        number = self.state.serial(f"{self.key}.identity")
        handle = str(wish.get("handle") or f"{self.key}{number}")
        return Identity(
            id=str(wish.get("id") or handle),
            platform=self.key,
            handle=handle,
            name=str(wish.get("name") or handle),
            kind=str(wish.get("kind") or "person"),
            extra=dict(wish.get("extra") or {}),
        )

    def picture(self, identity: Identity) -> str:
        """Where the sandbox serves a picture of somebody to a browser, if it does."""
        return ""

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        """What an exchange would have returned; ValueError if it cannot be."""
        raise ValueError(f"{self.title} hands out no tokens.")

    def revoke(self, identity: Identity, reason: str) -> int:
        """The person withdraws the app. Returns how many tokens died."""
        tokens = self._good_tokens(identity)
        for token in tokens:
            token.revoked = reason
        self.state.touch()
        return len(tokens)

    def expire(self, identity: Identity) -> int:
        """All tokens run out now. Returns how many."""
        tokens = self._good_tokens(identity)
        for token in tokens:
            token.expires_at = self.world.now() - 1
        self.state.touch()
        return len(tokens)

    def callback(self, identity: Identity, wish: dict[str, Any]) -> Outgoing:
        """What the platform posts to an app about this person, by itself."""
        raise ValueError(f"{self.title} sends no callbacks.")

    def remove_permissions(self, identity: Identity, names: list[str]) -> int:
        """Take single permissions away. Returns how many tokens lost something."""
        touched = 0
        for token in self._good_tokens(identity):
            kept = [scope for scope in token.scopes if scope not in names]
            touched += len(kept) < len(token.scopes)
            token.scopes = kept
        self.state.touch()
        return touched

    def _good_tokens(self, identity: Identity) -> list[Token]:
        tokens = self.state.tokens_of(self.key, identity.id)
        return [token for token in tokens if not token.revoked]

    def quota(self, identity: Identity) -> dict[str, Any]:
        """Publishing quota of a profile: at least `used` and `total`."""
        raise ValueError(f"{self.title} has no publishing quota.")

    def set_quota(self, identity: Identity, wish: dict[str, Any]) -> None:
        raise ValueError(f"{self.title} has no publishing quota.")

    def post_directly(self, identity: Identity, wish: dict[str, Any]) -> dict[str, Any]:
        """A post made by the person in the platform's own app, not through the API."""
        raise ValueError(f"{self.title} takes no direct posts.")

    async def processing(self, factor: float = 1.0) -> None:
        """Wait as long as the platform works on something."""
        await asyncio.sleep(self.world.settings["processing_ms"] * factor / 1000)


def too_many(rule: Fault) -> web.Response:
    """HTTP's own "too many requests"."""
    headers = {"Retry-After": str(rule.retry_after)} if rule.retry_after else {}
    body = {"error": "Too many requests"}
    return web.json_response(body, status=429, headers=headers)
