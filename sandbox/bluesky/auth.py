"""Who calls: Bearer tokens of app passwords, DPoP tokens of OAuth."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.bluesky.accounts import Accounts, check_active, pds_of
from sandbox.bluesky.dpop import BadProof, Dpop, access_hash
from sandbox.bluesky.errors import (
    XrpcError,
    dpop_challenge,
    expired_token,
    invalid_token,
)
from sandbox.bluesky.tokens import Tokens
from sandbox.double import Call
from sandbox.state import Identity, Token


@dataclass(frozen=True, slots=True)
class Caller:
    """`scopes` are OAuth's; None for app passwords, which have none to miss."""

    account: Identity
    token: Token
    scopes: list[str] | None

    @property
    def app(self) -> str:
        return self.token.app


class Auth:
    def __init__(self, accounts: Accounts, tokens: Tokens, dpop: Dpop) -> None:
        self.accounts, self.tokens, self.dpop = accounts, tokens, dpop
        self.world = tokens.world

    def caller(self, call: Call) -> Caller:
        """An XrpcError with the platform's own name says what is wrong."""
        scheme = call.request.headers.get("Authorization", "").partition(" ")[0].lower()
        if scheme == "dpop":
            caller = self._dpop(call)
        elif scheme == "bearer":
            caller = self._bearer(call, "access")
        else:
            raise XrpcError(401, "AuthMissing", "Authentication Required")
        check_active(caller.account)
        if pds_of(caller.account) != call.host:
            raise invalid_token("Token could not be verified")
        return caller

    def refresher(self, call: Call) -> Caller:
        """refreshSession and deleteSession take the refresh token only."""
        if not call.bearer():
            raise XrpcError(401, "AuthMissing", "Authentication Required")
        return self._bearer(call, "refresh")

    def _bearer(self, call: Call, kind: str) -> Caller:
        token = self.tokens.find(call.bearer())
        if token is None:
            raise invalid_token("Token could not be verified")
        if token.extra.get("how") == "oauth":
            raise invalid_token("Malformed token")
        if token.kind != kind:
            raise invalid_token("Invalid token type")
        if token.revoked:
            raise expired_token("Token has been revoked")
        if token.expires_at is not None and token.expires_at <= self.world.now():
            raise expired_token("Token has expired")
        return Caller(self._account(token), token, None)

    def _dpop(self, call: Call) -> Caller:
        nonce = {"DPoP-Nonce": self.dpop.nonce(call.host)}
        try:
            token, scopes = self._bound(call)
        except BadProof as bad:
            challenge = dpop_challenge(bad.error, bad.message)
            headers = nonce | {"WWW-Authenticate": challenge}
            raise XrpcError(401, bad.error, bad.message, headers) from bad
        return Caller(self._account(token), token, scopes)

    def _bound(self, call: Call) -> tuple[Token, list[str]]:
        """The token a proof is bound to; BadProof carries what is wrong."""
        proof = self.dpop.check(call)
        if proof is None:
            raise BadProof("DPoP proof required")
        value = call.bearer("DPoP")
        token = self.tokens.find(value)
        if token is None or token.kind != "access":
            raise BadProof("Malformed token", "invalid_token")
        if proof.claims.get("ath") != access_hash(value):
            raise BadProof('DPoP "ath" mismatch')
        session = self.tokens.session_of(token)
        if session is not None and session.jkt != proof.jkt:
            raise BadProof("Invalid DPoP key binding", "invalid_token")
        self.dpop.use(proof)
        if session is None or token.revoked:
            raise BadProof("Invalid token", "invalid_token")
        if token.expires_at is not None and token.expires_at <= self.world.now():
            failed = '"exp" claim timestamp check failed'
            raise BadProof(failed, "invalid_token")
        return token, token.scopes

    def _account(self, token: Token) -> Identity:
        account = self.accounts.find(token.identity)
        if account is None:
            raise invalid_token("Account not found")
        return account
