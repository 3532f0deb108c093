"""The Bluesky double.

Steps: the last word of each XRPC method (`createRecord`, `getSession` …);
sign-in: `par`, `authorize`, `token` (code exchange), `refreshToken`, `revoke`;
identity: `plc`, `atprotoDid`, `resourceMetadata`, `serverMetadata`, `jwks`;
`page` for people's pages; `unknown` for a method that does not exist.

Switches: `image_bytes` (2,000,000; 1,000,000 is what older servers take),
`blob_life_s`, `points_per_hour`, `points_per_day`, `requests_per_5min`,
`logins_per_5min`, `logins_per_day`, `uploads_per_day` (0 = no limit),
`video_wrapped` (jobs inside `jobStatus`), `video_failure` (a failureCode),
`video_already_exists` (the same bytes again are refused), `appview_lag_ms`,
`wrong_iss` and `wrong_sub` (what a hostile server would claim).

Control API: an identity is an account (`extra`: pds, email_confirmed,
app_passwords, status: takendown | suspended | deactivated). `tokens` answers a
sign-in (`how`: oauth with its DPoP key as `dpop_jwk`, or app_password; `scopes`,
`client_id`); `tokens/expire` ends access tokens only; `tokens/revoke` also takes
the app passwords away; `quota` are write points of the hour; `posts` posts as
the person (`text`, `reply_to`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.bluesky.accounts import ENTRYWAY, ISSUER_HOSTS, PDS_HOSTS, Accounts
from sandbox.bluesky.appview import AppView
from sandbox.bluesky.auth import Auth
from sandbox.bluesky.blobs import Blobs
from sandbox.bluesky.clients import Clients
from sandbox.bluesky.dpop import Dpop
from sandbox.bluesky.errors import OAuthError, XrpcError, invalid_request
from sandbox.bluesky.grants import Grants
from sandbox.bluesky.hooks import Hooks
from sandbox.bluesky.identity import HANDLE_HOSTS, PLC, Directory
from sandbox.bluesky.limits import Limits
from sandbox.bluesky.pages import APP, CDN, Pages
from sandbox.bluesky.records import Records
from sandbox.bluesky.repo import Answer, Repo
from sandbox.bluesky.sessions import Sessions
from sandbox.bluesky.show import Viewer
from sandbox.bluesky.tokens import Tokens
from sandbox.bluesky.video import HOST as VIDEO_HOST
from sandbox.bluesky.video import Video
from sandbox.double import Call, Double, Route
from sandbox.faults import Fault
from sandbox.state import Identity
from sandbox.world import World

SERVERS = (ENTRYWAY, *PDS_HOSTS)
VIEWS = ("public.api.bsky.app", "api.bsky.app")
DEFAULT_RETRY_S = 60

Method = Callable[[Call], Awaitable[Any]]


class Bluesky(Double):
    key = "bluesky"
    title = "Bluesky"
    hosts = (*SERVERS, *VIEWS, *PLC, VIDEO_HOST, *APP, *CDN, *HANDLE_HOSTS)
    switches = {
        "image_bytes": 2_000_000,
        "blob_life_s": 3600,
        "points_per_hour": 5000,
        "points_per_day": 35_000,
        "requests_per_5min": 3000,
        "logins_per_5min": 30,
        "logins_per_day": 300,
        "uploads_per_day": 1000,
        "video_wrapped": True,
        "video_failure": "",
        "video_already_exists": True,
        "appview_lag_ms": 0,
        "wrong_iss": "",
        "wrong_sub": "",
    }
    steps = (
        "resolveHandle",
        "plc",
        "atprotoDid",
        "resourceMetadata",
        "serverMetadata",
        "jwks",
        "par",
        "authorize",
        "token",
        "refreshToken",
        "revoke",
        "createSession",
        "refreshSession",
        "deleteSession",
        "getSession",
        "describeServer",
        "getServiceAuth",
        "createRecord",
        "putRecord",
        "getRecord",
        "listRecords",
        "deleteRecord",
        "applyWrites",
        "describeRepo",
        "uploadBlob",
        "uploadVideo",
        "getJobStatus",
        "getUploadLimits",
        "getProfile",
        "getProfiles",
        "getPosts",
        "getPostThread",
        "page",
        "unknown",
    )

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.accounts = Accounts(self.state)
        self.tokens = Tokens(world)
        self.dpop, self.limits = Dpop(world), Limits(world)
        self.clients = Clients(world)
        self.records, self.blobs = Records(world), Blobs(world)
        self.auth = Auth(self.accounts, self.tokens, self.dpop)
        self.sessions = Sessions(self.accounts, self.auth, self.limits)
        self.repo = Repo(
            self.accounts, self.auth, self.limits, self.records, self.blobs
        )
        self.grants = Grants(self, self.accounts, self.tokens, self.dpop, self.clients)
        self.video = Video(world, self.accounts, self.blobs)
        self.directory = Directory(self.accounts)
        self.appview = AppView(world, self.accounts, self.records)
        self.viewer = Viewer(self.accounts, self.records, self.blobs)
        self.pages = Pages(world, self.accounts, self.appview, self.viewer)
        self.hooks = Hooks(self)

    def routes(self) -> list[Route]:
        return [
            *self._xrpc(SERVERS, "GET", self._server_queries()),
            *self._xrpc(SERVERS, "POST", self._server_procedures()),
            *self._xrpc(PDS_HOSTS, "GET", self._pds_queries()),
            *self._xrpc(PDS_HOSTS, "POST", self._pds_procedures()),
            *self._xrpc(VIEWS, "GET", self._view_queries()),
            *self._video_routes(),
            Route("*", "/xrpc/{method}", "unknown", self.unknown),
            *self._sign_in(),
            *self.directory.routes(),
            *self.pages.routes(),
        ]

    def _xrpc(
        self, hosts: tuple[str, ...], method: str, handlers: dict[str, Method]
    ) -> list[Route]:
        return [
            Route(
                method,
                f"/xrpc/{nsid}",
                nsid.rpartition(".")[2],
                self._answering(handler),
                hosts,
            )
            for nsid, handler in handlers.items()
        ]

    def _server_queries(self) -> dict[str, Method]:
        return {
            "com.atproto.identity.resolveHandle": self.directory.resolve,
            "com.atproto.server.describeServer": self.sessions.describe,
        }

    def _server_procedures(self) -> dict[str, Method]:
        """The entryway passes sign-in on to the account's server."""
        return {
            "com.atproto.server.createSession": self.sessions.create,
            "com.atproto.server.refreshSession": self.sessions.refresh,
            "com.atproto.server.deleteSession": self.sessions.delete,
        }

    def _pds_queries(self) -> dict[str, Method]:
        return {
            "com.atproto.server.getSession": self.sessions.get,
            "com.atproto.server.getServiceAuth": self.sessions.service_auth,
            "com.atproto.repo.getRecord": self.repo.get,
            "com.atproto.repo.listRecords": self.repo.list,
            "com.atproto.repo.describeRepo": self.repo.describe,
        }

    def _pds_procedures(self) -> dict[str, Method]:
        return {
            "com.atproto.repo.createRecord": self.repo.create,
            "com.atproto.repo.putRecord": self.repo.put,
            "com.atproto.repo.deleteRecord": self.repo.delete,
            "com.atproto.repo.applyWrites": self.repo.apply,
            "com.atproto.repo.uploadBlob": self.repo.upload,
        }

    def _view_queries(self) -> dict[str, Method]:
        return {
            "com.atproto.identity.resolveHandle": self.directory.resolve,
            "app.bsky.actor.getProfile": self.appview.profile,
            "app.bsky.actor.getProfiles": self.appview.profiles,
            "app.bsky.feed.getPosts": self.appview.posts,
            "app.bsky.feed.getPostThread": self.appview.thread,
        }

    def _video_routes(self) -> list[Route]:
        host, video = (VIDEO_HOST,), self.video
        path = "/xrpc/app.bsky.video."
        return [
            Route("POST", path + "uploadVideo", "uploadVideo", video.upload, host),
            Route("GET", path + "getJobStatus", "getJobStatus", video.job_status, host),
            Route(
                "GET", path + "getUploadLimits", "getUploadLimits", video.limits, host
            ),
        ]

    def _sign_in(self) -> list[Route]:
        grants, hosts, sealed = self.grants, ISSUER_HOSTS, self.grants.endpoint
        return [
            Route("POST", "/oauth/par", "par", sealed(grants.par), hosts),
            Route("GET", "/oauth/authorize", "authorize", grants.show, hosts),
            Route("POST", "/oauth/authorize", "authorize", grants.decide, hosts),
            Route(
                "POST", "/oauth/token", self._grant_step, sealed(grants.token), hosts
            ),
            Route("POST", "/oauth/revoke", "revoke", sealed(grants.revoke), hosts),
        ]

    async def _grant_step(self, call: Call) -> str:
        grant = (await call.fields()).get("grant_type")
        return "refreshToken" if grant == "refresh_token" else "token"

    def _answering(self, handler: Method) -> Any:
        """Wraps a handler: JSON out, limits counted, their headers and the nonce."""

        async def answer(call: Call) -> web.Response:
            headers = self._standing_headers(call)
            try:
                result = await handler(call)
            except XrpcError as error:
                error.headers = headers | error.headers
                raise
            if result is None:
                return web.Response(headers=headers)
            if isinstance(result, Answer):
                return web.json_response(result.body, headers=headers | result.headers)
            return web.json_response(result, headers=headers)

        return answer

    def _standing_headers(self, call: Call) -> dict[str, str]:
        headers = self.limits.request(call.host)
        if call.bearer("DPoP"):
            headers["DPoP-Nonce"] = self.dpop.nonce(call.host)
        return headers

    async def unknown(self, call: Call) -> web.Response:
        raise invalid_request(f"No service configured for {call.params['method']}")

    def seed(self) -> None:
        for part in (self.dpop, self.limits, self.clients):
            part.forget()
        self.accounts.seed()

    async def profile_of(self, call: Call) -> str:
        """By token; sign-in and public reads by whom they name."""
        value = call.bearer() or call.bearer("DPoP")
        token = self.tokens.find(value) if value else None
        if token is not None:
            return token.identity
        query = call.request.query
        ref = query.get("did") or query.get("repo") or query.get("actor") or ""
        account = self.accounts.find(ref) if ref else None
        return account.id if account else await self._profile_in_form(call)

    async def _profile_in_form(self, call: Call) -> str:
        if not call.path.startswith("/oauth/") or call.request.method != "POST":
            return ""
        fields = await call.fields()
        for name in ("refresh_token", "token"):
            token = self.tokens.find(str(fields.get(name, "")))
            if token is not None:
                return token.identity
        code = self.state.codes.get(str(fields.get("code", "")))
        return code.identity if code else ""

    def not_found(self, call: Call) -> web.Response:
        return XrpcError(404, "NotFound", "Not Found").response()

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        """`detail.error` and `detail.message` fill the platform's shape."""
        name = str(rule.detail.get("error") or "")
        message = str(rule.detail.get("message") or "Internal Server Error")
        if call.path.startswith("/oauth/"):
            error = name or "server_error"
            return OAuthError(error, message, rule.status).response()
        error = name or "InternalServerError"
        return XrpcError(rule.status, error, message).response()

    def rate_limited_response(self, rule: Fault, call: Call) -> web.Response:
        wait = rule.retry_after or DEFAULT_RETRY_S
        headers = {
            "RateLimit-Limit": "5000",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(int(self.world.now()) + wait),
            "RateLimit-Policy": "5000;w=3600",
            "Retry-After": str(wait),
        }
        error = XrpcError(429, "RateLimitExceeded", "Rate Limit Exceeded", headers)
        return error.response()

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        return self.accounts.make(wish)

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        return self.hooks.mint(identity, request)

    def revoke(self, identity: Identity, reason: str) -> int:
        return self.hooks.revoke(identity, reason)

    def expire(self, identity: Identity) -> int:
        return self.hooks.expire(identity)

    def quota(self, identity: Identity) -> dict[str, Any]:
        return self.hooks.quota(identity)

    def set_quota(self, identity: Identity, wish: dict[str, Any]) -> None:
        self.hooks.set_quota(identity, wish)

    def post_directly(self, identity: Identity, wish: dict[str, Any]) -> dict[str, Any]:
        return self.hooks.post_directly(identity, wish)
