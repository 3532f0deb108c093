"""LinkedIn's OAuth host: exchange, refresh, revoke, introspect."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call
from sandbox.linkedin.errors import TokenError
from sandbox.oauth import redeem
from sandbox.state import Identity, Token

if TYPE_CHECKING:
    from sandbox.linkedin.double import LinkedIn

ACCESS_S = 60 * 86_400.0
REFRESH_S = 365 * 86_400.0
# What only an app for Pages may ask for; such apps get refresh tokens.
COMMUNITY = {
    "r_basicprofile": "Your name",
    "r_organization_admin": "Your Pages and your roles there",
    "rw_organization_admin": "Managing your Pages",
    "w_organization_social": "Posting on your Pages",
    "r_organization_social": "Posts of your Pages",
}


class Tokens:
    def __init__(self, double: LinkedIn) -> None:
        self.double = double
        self.state = double.state

    async def step(self, call: Call) -> str:
        kind = (await call.fields()).get("grant_type")
        return "refresh" if kind == "refresh_token" else "exchange"

    async def give(self, call: Call) -> web.Response:
        """POST /oauth/v2/accessToken"""
        asked = await self._asked(call)
        kind = asked.get("grant_type")
        if kind == "authorization_code":
            return web.json_response(self._exchange(asked))
        if kind == "refresh_token":
            return web.json_response(self._refresh(asked))
        raise TokenError("invalid_request", "The grant type is missing or unknown.")

    async def revoke(self, call: Call) -> web.Response:
        """POST /oauth/v2/revoke: answered with nothing."""
        asked = await self._asked(call)
        token = self._own(asked)
        if token is None:
            raise TokenError("invalid_request", "The token is unknown.")
        self.end(token.identity, token.app, "revoked")
        return web.Response()

    async def introspect(self, call: Call) -> web.Response:
        """POST /oauth/v2/introspectToken"""
        token = self._own(await self._asked(call))
        if token is None:
            return web.json_response({"active": False})
        status = self.status(token)
        return web.json_response(
            {
                "active": status == "active",
                "status": status,
                "scope": ",".join(token.scopes),
                "client_id": token.app,
                "created_at": int(token.issued_at),
                "authorized_at": int(token.extra["authorized_at"]),
                "expires_at": int(token.expires_at or 0),
            }
        )

    def status(self, token: Token) -> str:
        if token.revoked:
            return "revoked"
        ends = token.expires_at
        over = ends is not None and ends <= self.double.world.now()
        return "expired" if over else "active"

    def end(self, member: str, app: str, reason: str) -> None:
        for each in self.state.tokens_of(self.double.key, member):
            if each.app == app:
                each.revoked = each.revoked or reason
        self.state.touch()

    async def _asked(self, call: Call) -> dict[str, Any]:
        """The keys in the form; LinkedIn reads no Basic header."""
        asked = await call.fields()
        if not asked.get("client_id") or not asked.get("client_secret"):
            raise TokenError("invalid_client", "Client authentication failed", 401)
        return asked

    def _own(self, asked: dict[str, Any]) -> Token | None:
        token = self.state.tokens.get(str(asked.get("token", "")))
        mine = token is not None and token.app == asked["client_id"]
        return token if mine else None

    def _exchange(self, asked: dict[str, Any]) -> dict[str, Any]:
        app, place = str(asked["client_id"]), str(asked.get("redirect_uri", ""))
        code = redeem(self.double, str(asked.get("code", "")), app, place)
        if code is None or code.platform != self.double.key:
            raise TokenError("invalid_request", "Authorization code expired.")
        member = self.state.identities[f"{self.double.key}:{code.identity}"]
        self._drop_other_scopes(member, app, code.scopes)
        return self.issue(member, app, code.scopes)

    def _drop_other_scopes(self, member: Identity, app: str, scopes: list[str]) -> None:
        """Asking for another set of scopes ends what was granted before."""
        held = self.state.tokens_of(self.double.key, member.id)
        if any(set(t.scopes) != set(scopes) for t in held if t.app == app):
            self.end(member.id, app, "replaced")

    def _refresh(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The same refresh token goes on, and its year with it."""
        token = self.state.tokens.get(str(asked.get("refresh_token", "")))
        if token is None or token.kind != "refresh" or self.status(token) != "active":
            raise TokenError("invalid_grant", "The provided refresh token is invalid.")
        if token.app != asked["client_id"]:
            raise TokenError("unauthorized_client", "The token is another app's.", 401)
        since = float(token.extra["authorized_at"])
        answer = self._access(self._holder(token), token.app, token.scopes, since)
        if self.double.setting("repeats_refresh_token"):
            answer |= self._told(token)
        return answer

    def _holder(self, token: Token) -> Identity:
        return self.state.identities[f"{self.double.key}:{token.identity}"]

    def issue(self, member: Identity, app: str, scopes: list[str]) -> dict[str, Any]:
        """Of a first sign-in; with a refresh token where the app is approved for it."""
        now = self.double.world.now()
        answer = self._access(member, app, scopes, now)
        if set(scopes) & set(COMMUNITY) and self.double.setting("refresh_tokens"):
            ends = now + REFRESH_S
            refresh = self._new("refresh", member, app, scopes, ends, now)
            answer |= self._told(refresh)
        return answer

    def _access(
        self, member: Identity, app: str, scopes: list[str], since: float
    ) -> dict[str, Any]:
        now = self.double.world.now()
        life = float(self.double.world.settings["token_lifetime_s"] or ACCESS_S)
        token = self._new("access", member, app, scopes, now + life, since)
        joint = "," if self.double.setting("scopes_with_commas") else " "
        return {
            "access_token": token.value,
            "expires_in": int(life),
            "scope": joint.join(scopes),
            "token_type": "Bearer",
        }

    def _told(self, refresh: Token) -> dict[str, Any]:
        left = (refresh.expires_at or 0) - self.double.world.now()
        return {
            "refresh_token": refresh.value,
            "refresh_token_expires_in": round(left),
        }

    def _new(
        self,
        kind: str,
        member: Identity,
        app: str,
        scopes: list[str],
        ends: float,
        since: float,
    ) -> Token:
        begin = {"access": "AQV", "refresh": "AQW"}[kind]
        return self.state.add_token(
            Token(
                value=begin + secrets.token_urlsafe(250),
                platform=self.double.key,
                identity=member.id,
                kind=kind,
                app=app,
                scopes=list(scopes),
                issued_at=self.double.world.now(),
                expires_at=ends,
                extra={"authorized_at": since},
            )
        )
