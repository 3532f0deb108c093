"""The plug-in: registration, consent, tokens without an end, who am I, revoking.

Publishing is not there yet; the adapter is connect only.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.avatars import draw
from sandbox.double import Call, Double, Refusal, Route
from sandbox.faults import Fault
from sandbox.mastodon import servers
from sandbox.mastodon.servers import HOSTS, MOVED, SERVERS, VANITY, Server
from sandbox.oauth import Consent, ConsentRefused, Request, redeem, split_scopes
from sandbox.state import Code, Identity, Token

SCOPES = {
    "profile": "Your name and picture",
    "read:accounts": "Your account and others'",
    "read:statuses": "Posts, also your private ones",
    "write:statuses": "Publishing posts",
    "write:media": "Uploading media",
}
PROFILE = ("profile", "read:accounts")
PICTURE_PX = 160


class ApiError(Refusal):
    """`error` as a sentence; OAuth's own names come with a description."""

    def __init__(self, status: int, error: str, description: str = "") -> None:
        super().__init__(error)
        self.status, self.error, self.description = status, error, description

    def response(self) -> web.Response:
        body = {"error": self.error}
        if self.description:
            body["error_description"] = self.description
        return web.json_response(body, status=self.status)


@dataclass(slots=True)
class App:
    client_id: str
    client_secret: str
    host: str
    name: str
    redirect_uri: str
    scopes: list[str]
    made_at: float = 0.0


class Mastodon(Double):
    key = servers.KEY
    title = "Mastodon sandbox"
    hosts = HOSTS
    steps = (
        "instance",
        "register",
        "authorize",
        "exchange",
        "verify_credentials",
        "revoke",
        "picture",
    )
    switches = {
        # A server that claims to be this domain; "" for its own.
        "claimed_domain": "",
        # Registrations older than so many seconds are cleared away; 0 for never.
        "apps_live_s": 0,
    }

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        self.apps = self.state.table("mastodon.apps", App)

    def routes(self) -> list[Route]:
        known = tuple(SERVERS)
        v1, oauth = "/api/v1", "/oauth"
        me, picture = v1 + "/accounts/verify_credentials", "/avatars/{number}.jpg"
        return [
            Route("GET", "/{path:path}", "instance", self.moved, (MOVED,)),
            Route("GET", "/api/v2/instance", "instance", self.instance_v2, known),
            Route("GET", v1 + "/instance", "instance", self.instance_v1, known),
            Route("POST", v1 + "/apps", "register", self.register, known),
            Route("GET", oauth + "/authorize", "authorize", self.show, known),
            Route("POST", oauth + "/authorize", "authorize", self.decide, known),
            Route("POST", oauth + "/token", "exchange", self.exchange, known),
            Route("POST", oauth + "/revoke", "revoke", self.forget, known),
            Route("GET", me, "verify_credentials", self.verify, known),
            Route("GET", picture, "picture", self.avatar, known),
        ]

    def seed(self) -> None:
        servers.seed(self.state)

    async def profile_of(self, call: Call) -> str:
        token = self.state.tokens.get(call.bearer())
        return token.identity if token and token.platform == self.key else ""

    async def moved(self, call: Call) -> web.Response:
        """The domain of the names; the server itself lies elsewhere."""
        place = f"https://{VANITY}{call.path}"
        return web.Response(status=301, headers={"Location": place})

    async def instance_v2(self, call: Call) -> web.Response:
        server = SERVERS[call.host]
        if not server.modern:
            raise ApiError(404, "The page you were looking for doesn't exist.")
        claimed = str(self.setting("claimed_domain"))
        node = servers.instance_v2(server)
        return web.json_response({**node, "domain": claimed or node["domain"]})

    async def instance_v1(self, call: Call) -> web.Response:
        return web.json_response(servers.instance_v1(SERVERS[call.host]))

    async def register(self, call: Call) -> web.Response:
        asked = await call.fields()
        scopes = split_scopes(str(asked.get("scopes") or "read"))
        place = asked.get("redirect_uris")
        if not asked.get("client_name") or not isinstance(place, str) or not place:
            raise ApiError(422, "Validation failed: Application name can't be blank")
        self._check_scopes(SERVERS[call.host], scopes)
        app = App(
            client_id="CI" + secrets.token_urlsafe(32),
            client_secret="CS" + secrets.token_urlsafe(32),
            host=call.host,
            name=str(asked["client_name"]),
            redirect_uri=place,
            scopes=scopes,
            made_at=self.world.now(),
        )
        self.apps[app.client_id] = app
        self.state.touch()
        number = str(self.state.serial("mastodon.app"))
        keys = {"client_id": app.client_id, "client_secret": app.client_secret}
        known = {"id": number, "name": app.name, "redirect_uri": place}
        return web.json_response({**known, "vapid_key": "BF", **keys})

    def _check_scopes(self, server: Server, scopes: list[str]) -> None:
        known = set(SCOPES) - (set() if server.modern else {"profile"})
        if not set(scopes) <= known:
            text = "Validation failed: Scopes doesn't match configured on the server."
            raise ApiError(422, text)

    async def show(self, call: Call) -> web.StreamResponse:
        return await self._consent(call.host).show(call)

    async def decide(self, call: Call) -> web.StreamResponse:
        return await self._consent(call.host).decide(call)

    def _consent(self, host: str) -> Consent:
        """Each server knows its own people and apps only; a grant is all or nothing."""
        everyone = self.state.identities_of(self.key)
        return Consent(
            double=self,
            title=f"{host} (sandbox)",
            explain=SCOPES,
            identities=lambda: [i for i in everyone if i.extra["server"] == host],
            denied={
                "error": "access_denied",
                "error_description": "The resource owner denied the request.",
            },
            required=frozenset(SCOPES),
            request_of=lambda query: self._read(host, query),
            extra_of=lambda query: _challenge(SERVERS[host], query),
        )

    def _read(self, host: str, query: dict[str, Any]) -> Request:
        app = self._known(host, query)
        if app is None:
            raise ConsentRefused(self.title, "The client is unknown to this server.")
        if query.get("redirect_uri") != app.redirect_uri:
            raise ConsentRefused(
                self.title, "The redirect uri isn't the registered one."
            )
        scopes = split_scopes(str(query.get("scope", "")))
        if query.get("response_type") != "code" or not set(scopes) <= set(app.scopes):
            raise ConsentRefused(self.title, "The requested scope is invalid.")
        state = str(query.get("state", ""))
        return Request(app.client_id, app.redirect_uri, scopes, state, app.name)

    async def exchange(self, call: Call) -> web.Response:
        asked = await call.fields()
        app = self._app(call, asked)
        grant = asked.get("grant_type")
        if grant == "client_credentials":
            return web.json_response(self._app_token(app, asked))
        if grant != "authorization_code":
            raise ApiError(400, "unsupported_grant_type", "The grant is not supported.")
        place = str(asked.get("redirect_uri", ""))
        code = redeem(self, str(asked.get("code", "")), app.client_id, place)
        if code is None or code.platform != self.key:
            raise ApiError(400, "invalid_grant", "The authorization grant is invalid.")
        _check_verifier(code, str(asked.get("code_verifier", "")))
        account = self.state.identities[f"{self.key}:{code.identity}"]
        return web.json_response(self._issue(account, app.client_id, code.scopes))

    def _app_token(self, app: App, asked: dict[str, Any]) -> dict[str, Any]:
        """The app's own rights, nobody's account; nothing here needs to know it."""
        scopes = split_scopes(str(asked.get("scope") or "read"))
        if not set(scopes) <= set(app.scopes):
            raise ApiError(400, "invalid_scope", "The requested scope is invalid.")
        return {
            "access_token": secrets.token_urlsafe(32),
            "token_type": "Bearer",
            "scope": " ".join(scopes),
            "created_at": int(self.world.now()),
        }

    def _known(self, host: str, asked: dict[str, Any]) -> App | None:
        app = self.apps.get(str(asked.get("client_id", "")))
        if app is None or app.host != host:
            return None
        life = float(self.setting("apps_live_s"))
        return None if life and self.world.now() - app.made_at > life else app

    def _app(self, call: Call, asked: dict[str, Any]) -> App:
        app = self._known(call.host, asked)
        if app is None or asked.get("client_secret") != app.client_secret:
            raise ApiError(401, "invalid_client", "Client authentication failed.")
        return app

    def _issue(self, account: Identity, app: str, scopes: list[str]) -> dict[str, Any]:
        """Without an end and without a refresh token."""
        now = self.world.now()
        value = secrets.token_urlsafe(32)
        token = Token(value, self.key, account.id, "access", app, list(scopes), now)
        self.state.add_token(token)
        return {
            "access_token": value,
            "token_type": "Bearer",
            "scope": " ".join(scopes),
            "created_at": int(now),
        }

    async def forget(self, call: Call) -> web.Response:
        asked = await call.fields()
        app = self._app(call, asked)
        token = self.state.tokens.get(str(asked.get("token", "")))
        if token is not None and token.app != app.client_id:
            raise ApiError(403, "unauthorized_client", "The token is another app's.")
        if token is not None:
            token.revoked = "revoked"
            self.state.touch()
        return web.json_response({})

    async def verify(self, call: Call) -> web.Response:
        token = self.state.tokens.get(call.bearer())
        if token is None or token.platform != self.key:
            raise ApiError(401, "The access token is invalid")
        if token.revoked:
            raise ApiError(401, "The access token was revoked")
        account = self.state.identities[f"{self.key}:{token.identity}"]
        if account.extra["server"] != call.host:
            raise ApiError(401, "The access token is invalid")
        if account.extra["disabled"]:
            raise ApiError(403, "Your login is currently disabled")
        if not set(PROFILE) & set(token.scopes):
            raise ApiError(403, "This action is outside the authorized scopes")
        return web.json_response(servers.account_node(account))

    async def avatar(self, call: Call) -> web.Response:
        ident = f"{self.key}:{call.params['number']}@{call.host}"
        account = self.state.identities.get(ident)
        if account is None:
            return web.Response(status=404)
        body = draw(account.name, account.id, PICTURE_PX)
        return web.Response(body=body, content_type="image/jpeg")

    def not_found(self, call: Call) -> web.Response:
        return web.Response(status=404, text="<h1>Not found</h1>")

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        text = str(rule.detail.get("error", "Something went wrong"))
        return ApiError(rule.status, text).response()

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        return servers.new_account(self.state, wish)

    def picture(self, identity: Identity) -> str:
        number, _, host = identity.id.partition("@")
        return f"/{host}/avatars/{number}.jpg"

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        scopes = [str(name) for name in request.get("scopes") or SCOPES]
        app = str(request.get("app") or "sandbox-app")
        return self._issue(identity, app, scopes)


def _challenge(server: Server, query: dict[str, Any]) -> dict[str, Any]:
    """Older servers pass over PKCE."""
    asked = str(query.get("code_challenge", ""))
    return {"challenge": asked} if server.modern and asked else {}


def _check_verifier(code: Code, verifier: str) -> None:
    wanted = code.extra.get("challenge", "")
    digest = hashlib.sha256(verifier.encode()).digest()
    found = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if wanted and found != wanted:
        raise ApiError(400, "invalid_grant", "The code verifier does not match.")
