"""com.atproto.server: sign-in by password, and what a session may ask for."""

from __future__ import annotations

import secrets
from typing import Any

import jwt

from sandbox.bluesky.accounts import (
    Accounts,
    check_active,
    did_document,
    signing_key,
)
from sandbox.bluesky.auth import Auth
from sandbox.bluesky.dpop import clocks
from sandbox.bluesky.errors import XrpcError, expired_token, invalid_request
from sandbox.bluesky.limits import Limits
from sandbox.bluesky.rows import Session
from sandbox.bluesky.scopes import check_rpc
from sandbox.bluesky.tokens import APP_SCOPE, FULL_SCOPE, GRACE_S, Tokens
from sandbox.double import Call
from sandbox.state import Identity, Token

MAX_SERVICE_TOKEN_S = 3600
DEFAULT_SERVICE_TOKEN_S = 60
PDS_BLOB_LIMIT = 50 * 1024 * 1024


class Sessions:
    def __init__(self, accounts: Accounts, auth: Auth, limits: Limits) -> None:
        self.accounts, self.auth, self.limits = accounts, auth, limits
        self.tokens: Tokens = auth.tokens
        self.world = auth.world

    async def create(self, call: Call) -> dict[str, Any]:
        wish = await required(call, "identifier", "password")
        account = self.accounts.by_login(wish["identifier"])
        self.limits.login(account.id if account else wish["identifier"])
        scope = self._scope(account, wish["password"])
        if account is None or not scope:
            raise XrpcError(
                401, "AuthenticationRequired", "Invalid identifier or password"
            )
        check_active(account)
        session = self.open(account, scope)
        access = self.tokens.app_access(account, session)
        refresh = self.tokens.state.tokens[session.refresh]
        return self._answer(account, access, refresh)

    def _scope(self, account: Identity | None, password: str) -> str:
        """Which password it was; empty if it was none of the account's."""
        if account is None:
            return ""
        if password in account.extra.get("app_passwords", []):
            return APP_SCOPE
        if password != account.extra.get("password"):
            return ""
        if account.extra.get("two_factor"):
            raise XrpcError(
                401,
                "AuthFactorTokenRequired",
                "A sign in code has been sent to your email address",
            )
        return FULL_SCOPE

    def open(self, account: Identity, scope: str) -> Session:
        """A session with its refresh token."""
        session = Session(
            id=secrets.token_hex(8),
            did=account.id,
            kind="app",
            scopes=[scope],
            created_at=self.world.now(),
        )
        self.tokens.open(session)
        session.refresh = self.tokens.app_refresh(account, session).value
        return session

    async def refresh(self, call: Call) -> dict[str, Any]:
        """Rotates; the old token goes on for two hours with the same successor."""
        caller = self.auth.refresher(call)
        session = self.tokens.session_of(caller.token)
        if session is None:
            raise expired_token("Token has been revoked")
        check_active(caller.account)
        refresh = self._successor(caller.account, session, caller.token)
        access = self.tokens.app_access(caller.account, session)
        return self._answer(caller.account, access, refresh)

    def _successor(self, account: Identity, session: Session, old: Token) -> Token:
        following = str(old.extra.get("next", ""))
        if following in self.tokens.state.tokens:
            return self.tokens.state.tokens[following]
        new = self.tokens.app_refresh(account, session)
        old.extra["next"] = session.refresh = new.value
        ends = self.world.now() + GRACE_S
        old.expires_at = min(old.expires_at or ends, ends)
        return new

    async def delete(self, call: Call) -> None:
        """Takes the refresh token; access tokens live on until their end."""
        caller = self.auth.refresher(call)
        session = self.tokens.session_of(caller.token)
        for token in self.tokens.state.tokens_of("bluesky", caller.account.id):
            own = session is not None and token.extra.get("session") == session.id
            if own and token.kind == "refresh":
                token.revoked = "session deleted"
        self.tokens.state.touch()

    async def get(self, call: Call) -> dict[str, Any]:
        caller = self.auth.caller(call)
        account = caller.account
        about: dict[str, Any] = {
            "did": account.id,
            "handle": account.handle,
            "active": True,
        }
        if caller.scopes is None or "transition:email" in caller.scopes:
            about |= _email(account)
        return about

    def _answer(
        self, account: Identity, access: Token, refresh: Token
    ) -> dict[str, Any]:
        return {
            "accessJwt": access.value,
            "refreshJwt": refresh.value,
            "handle": account.handle,
            "did": account.id,
            "didDoc": did_document(account),
            **_email(account),
            "active": True,
        }

    async def describe(self, call: Call) -> dict[str, Any]:
        return {
            "did": f"did:web:{call.host}",
            "availableUserDomains": [".bsky.social"],
            "inviteCodeRequired": False,
            "phoneVerificationRequired": False,
            "blobUploadLimit": PDS_BLOB_LIMIT,
            "links": {},
            "contact": {},
        }

    async def service_auth(self, call: Call) -> dict[str, Any]:
        """A short token for another service, signed with the account's own key."""
        caller = self.auth.caller(call)
        query = call.request.query
        audience, method = query.get("aud", ""), query.get("lxm", "")
        if not audience:
            raise invalid_request('Missing required key "aud" at $')
        if caller.scopes is not None:
            check_rpc(caller.scopes, method or "*", audience)
        now = self.world.now()
        expires = int(query.get("exp") or now + DEFAULT_SERVICE_TOKEN_S)
        check_expiry(expires, clocks(self.world))
        claims = {
            "iat": int(now),
            "iss": caller.account.id,
            "aud": audience,
            "exp": expires,
            "jti": secrets.token_hex(16),
        } | ({"lxm": method} if method else {})
        key = signing_key(caller.account.id)
        return {"token": jwt.encode(claims, key, algorithm="ES256K")}


def check_expiry(expires: int, now: tuple[float, float]) -> None:
    if expires < min(now):
        raise XrpcError(400, "BadExpiration", "expiration is in past")
    if expires > max(now) + MAX_SERVICE_TOKEN_S:
        raise XrpcError(
            400,
            "BadExpiration",
            "cannot request a token with an expiration more than an hour in the future",
        )


def service_claims(token: str, did: str) -> dict[str, Any] | None:
    """The claims of a service token if the account signed it; times unchecked."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            signing_key(did).public_key(),
            algorithms=["ES256K"],
            options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError:
        return None
    return claims if claims.get("iss") == did else None


def service_issuer(token: str) -> str:
    """Whom a service token claims to speak for; its signature is checked later."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return ""
    return str(claims.get("iss", ""))


def _email(account: Identity) -> dict[str, Any]:
    return {
        "email": account.extra.get("email", ""),
        "emailConfirmed": bool(account.extra.get("email_confirmed")),
    }


async def required(call: Call, *names: str) -> dict[str, str]:
    """Text values of a JSON body; the first one missing is named."""
    body = await call.json()
    if not isinstance(body, dict):
        raise invalid_request("Expected object value type (got undefined) at $")
    for name in names:
        if name not in body:
            raise invalid_request(f'Missing required key "{name}" at $')
    return {name: str(body[name]) for name in names}
