"""Token endpoint: exchange, refresh with rotation, revoke."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call
from sandbox.oauth import redeem
from sandbox.state import Identity, Token
from sandbox.tiktok import people
from sandbox.tiktok.errors import TokenError

if TYPE_CHECKING:
    from sandbox.tiktok.double import TikTok

FORM = "application/x-www-form-urlencoded"
ACCESS_S = 2 * 3600.0
REFRESH_S = 180 * 86_400.0
ROTATED = "rotated"


class Tokens:
    def __init__(self, double: TikTok) -> None:
        self.double = double
        self.state = double.state

    async def step(self, call: Call) -> str:
        kind = (await call.fields()).get("grant_type")
        return "refresh" if kind == "refresh_token" else "exchange"

    async def give(self, call: Call) -> web.Response:
        """POST /v2/oauth/token/"""
        asked = await self._asked(call)
        kind = asked.get("grant_type")
        if kind == "authorization_code":
            return web.json_response(self._exchange(asked))
        if kind == "refresh_token":
            return web.json_response(self._refresh(asked))
        raise self.refusal("unsupported_grant_type", "The grant type is unknown.")

    async def revoke(self, call: Call) -> web.Response:
        """POST /v2/oauth/revoke/: ends the whole authorization."""
        asked = await self._asked(call)
        token = self.state.tokens.get(str(asked.get("token", "")))
        if token is None or not self._usable(token, "access"):
            raise self.refusal("invalid_request", "The access token is not valid.")
        account = self.state.identities[f"tiktok:{token.identity}"]
        for each in self.double.good_tokens(account):
            if each.app == token.app:
                each.revoked = "revoked"
        self.state.touch()
        return web.json_response({})

    def refusal(self, code: str, description: str) -> TokenError:
        status = int(self.double.setting("token_error_status"))
        return TokenError(code, description, status)

    async def _asked(self, call: Call) -> dict[str, Any]:
        if call.request.content_type != FORM:
            raise self.refusal("invalid_request", f"Only {FORM} is taken.")
        asked = await call.fields()
        for name in ("client_key", "client_secret"):
            if not asked.get(name):
                raise self.refusal("invalid_client", f"{name} is missing.")
        return asked

    def _exchange(self, asked: dict[str, Any]) -> dict[str, Any]:
        app, place = str(asked["client_key"]), str(asked.get("redirect_uri", ""))
        code = redeem(self.double, str(asked.get("code", "")), app, place)
        if code is None or code.platform != self.double.key:
            raise self.refusal("invalid_grant", "Authorization code is expired.")
        self._check_verifier(str(code.extra.get("challenge", "")), asked)
        account = self.state.identities[f"tiktok:{code.identity}"]
        return self.issue(account, app, code.scopes, self._end_of_refreshing())

    def _check_verifier(self, challenge: str, asked: dict[str, Any]) -> None:
        """TikTok's own dialect of PKCE: the digest in hexadecimal."""
        verifier = str(asked.get("code_verifier", ""))
        if challenge and hashlib.sha256(verifier.encode()).hexdigest() != challenge:
            raise self.refusal("invalid_request", "Code verifier is wrong.")

    def _refresh(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A refresh token is good for one use; the access token lives on."""
        token = self.state.tokens.get(str(asked.get("refresh_token", "")))
        if token is None or not self._usable(token, "refresh"):
            raise self.refusal("invalid_grant", "Refresh token is invalid or expired.")
        if token.app != asked["client_key"]:
            raise self.refusal("invalid_client", "The token is another app's.")
        token.revoked = ROTATED
        account = self.state.identities[f"tiktok:{token.identity}"]
        ends = token.expires_at or 0
        if self.double.setting("refresh_prolongs"):
            ends = self._end_of_refreshing()
        return self.issue(account, token.app, token.scopes, ends)

    def _end_of_refreshing(self) -> float:
        return self.double.world.now() + REFRESH_S

    def _usable(self, token: Token, kind: str) -> bool:
        now = self.double.world.now()
        fresh = token.expires_at is None or token.expires_at > now
        known = token.platform == self.double.key and token.kind == kind
        return known and fresh and not token.revoked

    def issue(
        self, account: Identity, app: str, scopes: list[str], refresh_ends: float
    ) -> dict[str, Any]:
        """A new pair, as the endpoint answers it."""
        now = self.double.world.now()
        life = float(self.double.world.settings["token_lifetime_s"] or ACCESS_S)
        access = self._new(account, app, scopes, "access", now + life)
        refresh = self._new(account, app, scopes, "refresh", refresh_ends)
        return {
            "open_id": people.open_id(account, app),
            "scope": ",".join(scopes),
            "access_token": access.value,
            "expires_in": int(life),
            "refresh_token": refresh.value,
            "refresh_expires_in": round(refresh_ends - now),
            "token_type": "Bearer",
        }

    def _new(
        self, account: Identity, app: str, scopes: list[str], kind: str, ends: float
    ) -> Token:
        begin = {"access": "act.", "refresh": "rft."}[kind]
        return self.state.add_token(
            Token(
                value=begin + secrets.token_urlsafe(48) + "!4521.va",
                platform=self.double.key,
                identity=account.id,
                kind=kind,
                app=app,
                scopes=list(scopes),
                issued_at=self.double.world.now(),
                expires_at=ends,
            )
        )
