"""Tokens of both kinds of sign-in, and the sessions they belong to."""

from __future__ import annotations

import secrets

import jwt

from sandbox.bluesky.accounts import issuer_of, pds_of
from sandbox.bluesky.rows import Session
from sandbox.state import Identity, Token
from sandbox.world import World

APP_ACCESS_S = 2 * 3600
APP_REFRESH_S = 90 * 86400
# A refresh token that was used goes on for this long, with the same successor.
GRACE_S = 2 * 3600
OAUTH_ACCESS_S = 3600
PUBLIC_SESSION_S = 14 * 86400
CONFIDENTIAL_REFRESH_S = 90 * 86400
CONFIDENTIAL_SESSION_S = 730 * 86400
APP_SCOPE = "com.atproto.appPass"
FULL_SCOPE = "com.atproto.access"
REFRESH_SCOPE = "com.atproto.refresh"
# Nobody checks this signature but jwt.decode in a curious client.
SIGNING = "sandbox-signing-key-of-no-server-at-all"


class Tokens:
    """The core's token table holds them, so that the control API can reach them."""

    def __init__(self, world: World) -> None:
        self.world, self.state = world, world.state
        self.sessions = world.state.table("bluesky.sessions", Session)

    def find(self, value: str) -> Token | None:
        token = self.state.tokens.get(value)
        return token if token is not None and token.platform == "bluesky" else None

    def session_of(self, token: Token) -> Session | None:
        return self.sessions.get(str(token.extra.get("session", "")))

    def lifetime(self, usual: int) -> int:
        return int(self.world.settings["token_lifetime_s"] or usual)

    def open(self, session: Session) -> Session:
        self.sessions[session.id] = session
        self.state.touch()
        return session

    def delete(self, session: Session, reason: str) -> None:
        """The session and all of its tokens are gone at once."""
        self.sessions.pop(session.id, None)
        for token in self.state.tokens_of("bluesky", session.did):
            if token.extra.get("session") == session.id:
                token.revoked = token.revoked or reason
        self.state.touch()

    def app_access(self, account: Identity, session: Session) -> Token:
        now, life = self.world.now(), self.lifetime(APP_ACCESS_S)
        claims = {
            "scope": session.scopes[0],
            "aud": f"did:web:{pds_of(account)}",
            "sub": account.id,
            "iat": int(now),
            "exp": int(now + life),
        }
        value = _signed(claims, "at+jwt")
        return self._add(value, "access", session, now + life)

    def app_refresh(self, account: Identity, session: Session) -> Token:
        now = self.world.now()
        claims = {
            "scope": REFRESH_SCOPE,
            "aud": f"did:web:{pds_of(account)}",
            "sub": account.id,
            "jti": secrets.token_urlsafe(32),
            "iat": int(now),
            "exp": int(now + APP_REFRESH_S),
        }
        value = _signed(claims, "refresh+jwt")
        return self._add(value, "refresh", session, now + APP_REFRESH_S)

    def oauth_access(self, account: Identity, session: Session) -> Token:
        now, life = self.world.now(), self.lifetime(OAUTH_ACCESS_S)
        claims = {
            "jti": f"tok-{secrets.token_hex(16)}",
            "sub": account.id,
            "iat": int(now),
            "exp": int(now + life),
            "aud": f"did:web:{pds_of(account)}",
            "cnf": {"jkt": session.jkt},
            "client_id": session.client,
            "iss": issuer_of(account),
        }
        value = _signed(claims, "at+jwt")
        return self._add(value, "access", session, now + life)

    def oauth_refresh(self, session: Session) -> Token:
        """Its end is that of the session where the session ends first."""
        now = self.world.now()
        ends = session.created_at + (
            CONFIDENTIAL_SESSION_S if session.client_key else PUBLIC_SESSION_S
        )
        if session.client_key:
            ends = min(ends, now + CONFIDENTIAL_REFRESH_S)
        value = f"ref-{secrets.token_hex(32)}"
        session.refresh = value
        return self._add(value, "refresh", session, ends)

    def _add(self, value: str, kind: str, session: Session, ends: float) -> Token:
        return self.state.add_token(
            Token(
                value=value,
                platform="bluesky",
                identity=session.did,
                kind=kind,
                app=session.client,
                scopes=list(session.scopes),
                issued_at=self.world.now(),
                expires_at=ends,
                extra={"session": session.id, "how": session.kind},
            )
        )


def _signed(claims: dict[str, object], kind: str) -> str:
    return jwt.encode(claims, SIGNING, algorithm="HS256", headers={"typ": kind})
