"""Google's token endpoint: exchange, refresh without rotation, revocation of all."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call
from sandbox.google_business.errors import TokenError
from sandbox.oauth import redeem
from sandbox.state import Identity, Token

if TYPE_CHECKING:
    from sandbox.google_business.double import GoogleBusiness

ACCESS_S = 3_599.0
UNUSED_S = 183 * 86_400.0
TESTING_S = 7 * 86_400.0
MOST_REFRESH_TOKENS = 100
EXPIRED = "Token has been expired or revoked."
SIGN_IN = frozenset({"openid", "email", "profile"})


@dataclass(slots=True)
class Grant:
    """That a login once allowed an app; until revoked, it isn't the first time."""

    scopes: list[str]


class Tokens:
    def __init__(self, double: GoogleBusiness) -> None:
        self.double = double
        self.state = double.state
        self.grants = self.state.table("google_business.grants", Grant)

    async def step(self, call: Call) -> str:
        kind = (await call.fields()).get("grant_type")
        return "refresh" if kind == "refresh_token" else "exchange"

    async def give(self, call: Call) -> web.Response:
        """POST /token"""
        asked = await call.fields()
        if not asked.get("client_id") or not asked.get("client_secret"):
            raise TokenError("invalid_client", "The OAuth client was not found.", 401)
        kind = asked.get("grant_type")
        if kind == "authorization_code":
            return web.json_response(self._exchange(asked))
        if kind == "refresh_token":
            return web.json_response(self._refresh(asked))
        raise TokenError("unsupported_grant_type", f"Invalid grant_type: {kind}")

    async def revoke(self, call: Call) -> web.Response:
        """POST /revoke: either token ends all that the login gave the app."""
        value = str((await call.fields()).get("token", ""))
        token = self.state.tokens.get(value)
        if token is None or not self.living(token):
            raise TokenError("invalid_token", "Token expired or revoked")
        for each in self.state.tokens_of(self.double.key, token.identity):
            if each.app == token.app:
                each.revoked = each.revoked or "removed"
        self.forget(token.identity, token.app)
        return web.json_response({})

    def forget(self, login: str, app: str = "") -> None:
        """The next consent is a first one again."""
        start = f"{login}:{app}"
        for key in [key for key in self.grants if key.startswith(start)]:
            del self.grants[key]
        self.state.touch()

    def living(self, token: Token) -> bool:
        now = self.double.world.now()
        fresh = token.expires_at is None or token.expires_at > now
        used_at = float(token.extra.get("used_at", now))
        known = token.platform == self.double.key and not token.revoked
        return known and fresh and used_at > now - UNUSED_S

    def _exchange(self, asked: dict[str, Any]) -> dict[str, Any]:
        app, place = str(asked["client_id"]), str(asked.get("redirect_uri", ""))
        code = redeem(self.double, str(asked.get("code", "")), app, place)
        if code is None or code.platform != self.double.key:
            raise TokenError("invalid_grant", "Malformed auth code.")
        login = self.state.identities[f"{self.double.key}:{code.identity}"]
        first = f"{login.id}:{app}" not in self.grants
        self.grants[f"{login.id}:{app}"] = Grant(list(code.scopes))
        lasting = code.extra["offline"] and (code.extra["consent"] or first)
        return self.issue(login, app, code.scopes, lasting=bool(lasting))

    def _refresh(self, asked: dict[str, Any]) -> dict[str, Any]:
        token = self.state.tokens.get(str(asked.get("refresh_token", "")))
        if token is None or token.kind != "refresh":
            raise TokenError("invalid_grant", "Bad Request")
        if token.revoked == "admin":
            raise TokenError("admin_policy_enforced", "Access was blocked.")
        if not self.living(token):
            subtype = "invalid_rapt" if token.revoked == "rapt" else ""
            raise TokenError("invalid_grant", EXPIRED, subtype=subtype)
        if token.app != asked["client_id"]:
            raise TokenError("unauthorized_client", "Unauthorized", 401)
        token.extra["used_at"] = self.double.world.now()
        login = self.state.identities[f"{self.double.key}:{token.identity}"]
        return self.issue(login, token.app, token.scopes, lasting=False)

    def issue(
        self, login: Identity, app: str, scopes: list[str], *, lasting: bool
    ) -> dict[str, Any]:
        """`lasting`: with a refresh token, which renewals never bring."""
        now = self.double.world.now()
        life = float(self.double.world.settings["token_lifetime_s"] or ACCESS_S)
        access = self._new("access", login, app, scopes, now + life)
        answer: dict[str, Any] = {
            "access_token": access.value,
            "expires_in": int(life),
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }
        if "openid" in scopes:
            answer["id_token"] = id_token(login, app)
        return answer | (self._lasting(login, app, scopes) if lasting else {})

    def _lasting(self, login: Identity, app: str, scopes: list[str]) -> dict[str, Any]:
        now = self.double.world.now()
        testing = bool(self.double.setting("testing_mode"))
        ends = now + TESTING_S if testing else None
        refresh = self._new("refresh", login, app, scopes, ends)
        refresh.extra["used_at"] = now
        self._drop_oldest(login, app)
        told: dict[str, Any] = {"refresh_token": refresh.value}
        if testing:
            told["refresh_token_expires_in"] = int(TESTING_S)
        return told

    def _drop_oldest(self, login: Identity, app: str) -> None:
        """Silently, as soon as there are more than 100 of one login and app."""
        mine = [
            token
            for token in self.state.tokens_of(self.double.key, login.id)
            if token.kind == "refresh" and token.app == app and not token.revoked
        ]
        for token in mine[:-MOST_REFRESH_TOKENS]:
            token.revoked = "dropped"

    def _new(
        self,
        kind: str,
        login: Identity,
        app: str,
        scopes: list[str],
        ends: float | None,
    ) -> Token:
        begin = {"access": "ya29.a0", "refresh": "1//0"}[kind]
        return self.state.add_token(
            Token(
                value=begin + secrets.token_urlsafe(60),
                platform=self.double.key,
                identity=login.id,
                kind=kind,
                app=app,
                scopes=list(scopes),
                issued_at=self.double.world.now(),
                expires_at=ends,
            )
        )


def id_token(login: Identity, app: str) -> str:
    """Signed by nobody: only its claims are of use here."""
    claims = {"iss": "https://accounts.google.com", "aud": app, "sub": login.id}
    parts: list[dict[str, str]] = [{"alg": "RS256", "typ": "JWT"}, claims]
    coded = [base64.urlsafe_b64encode(json.dumps(each).encode()) for each in parts]
    return ".".join([*(each.decode().rstrip("=") for each in coded), "c2FuZGJveA"])
