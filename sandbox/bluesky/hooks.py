"""What the control API can do to accounts and their tokens."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import jwt.algorithms
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox.bluesky.accounts import pds_of
from sandbox.bluesky.appview import POST
from sandbox.bluesky.dpop import thumbprint
from sandbox.bluesky.publications import permalink
from sandbox.bluesky.rows import Session
from sandbox.bluesky.tokens import APP_SCOPE
from sandbox.bluesky.writes import Write
from sandbox.ledger import iso
from sandbox.state import Identity, Token

if TYPE_CHECKING:
    from sandbox.bluesky.double import Bluesky

DEFAULT_SCOPES = ("atproto", "transition:generic")


class Hooks:
    def __init__(self, double: Bluesky) -> None:
        self.double = double
        self.state, self.tokens = double.state, double.tokens

    def mint(self, account: Identity, request: dict[str, Any]) -> dict[str, Any]:
        """OAuth with a DPoP key made here, or the answer of createSession."""
        how = request.get("how", "oauth")
        if how == "app_password":
            return self._mint_app(account)
        if how != "oauth":
            raise ValueError("how must be oauth or app_password.")
        return self._mint_oauth(account, request)

    def _mint_app(self, account: Identity) -> dict[str, Any]:
        session = self.double.sessions.open(account, APP_SCOPE)
        access = self.tokens.app_access(account, session)
        return {
            "did": account.id,
            "handle": account.handle,
            "pds": f"https://{pds_of(account)}",
            "accessJwt": access.value,
            "refreshJwt": session.refresh,
        }

    def _mint_oauth(self, account: Identity, request: dict[str, Any]) -> dict[str, Any]:
        key = ec.generate_private_key(ec.SECP256R1())
        private = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key))
        session = Session(
            id=secrets.token_hex(8),
            did=account.id,
            kind="oauth",
            client=str(request.get("client_id") or "http://localhost/"),
            client_key=str(request.get("client_key") or ""),
            jkt=str(request.get("jkt") or thumbprint(private)),
            scopes=list(request.get("scopes") or DEFAULT_SCOPES),
            created_at=self.double.world.now(),
        )
        answer = self.double.grants.issue(account, self.tokens.open(session))
        return answer | {
            "handle": account.handle,
            "pds": f"https://{pds_of(account)}",
            "dpop_jwk": private,
        }

    def revoke(self, account: Identity, reason: str) -> int:
        """OAuth sessions end at once, app passwords are gone; what is left of
        their access tokens is used up."""
        died = len(self._good(account))
        account.extra["app_passwords"] = []
        for session in list(self.tokens.sessions.values()):
            if session.did == account.id and session.kind == "oauth":
                self.tokens.delete(session, reason)
        for token in self._good(account):
            if token.kind == "refresh":
                token.revoked = reason
            else:
                token.expires_at = self.double.world.now() - 1
        self.state.touch()
        return died

    def expire(self, account: Identity) -> int:
        """Access tokens only; refresh tokens end by moving the clock."""
        tokens = [token for token in self._good(account) if token.kind == "access"]
        for token in tokens:
            token.expires_at = self.double.world.now() - 1
        self.state.touch()
        return len(tokens)

    def _good(self, account: Identity) -> list[Token]:
        tokens = self.state.tokens_of("bluesky", account.id)
        return [token for token in tokens if not token.revoked]

    def quota(self, account: Identity) -> dict[str, Any]:
        limits = self.double.limits
        hour, day = limits.write_rules(account.id)
        return {
            "used": limits.used(hour),
            "total": hour.limit,
            "used_today": limits.used(day),
            "total_today": day.limit,
        }

    def set_quota(self, account: Identity, wish: dict[str, Any]) -> None:
        limits = self.double.limits
        hour, day = limits.write_rules(account.id)
        if "used" in wish:
            limits.set_used(hour, int(wish["used"]))
        if "used_today" in wish:
            limits.set_used(day, int(wish["used_today"]))

    def post_directly(self, account: Identity, wish: dict[str, Any]) -> dict[str, Any]:
        """Written by the person in the app; it is no publication of ours."""
        value: dict[str, Any] = {
            "$type": POST,
            "text": str(wish.get("text") or ""),
            "createdAt": iso(self.double.world.now()),
        }
        if wish.get("reply_to"):
            value["reply"] = self._reply(str(wish["reply_to"]))
        write = Write("create", POST, "", value)
        self.double.repo.writer.prepare(write, None)
        record = self.double.records.put(account, POST, write.rkey, value)
        self.double.records.commit(account)
        return {
            "uri": record.uri,
            "cid": record.cid,
            "permalink": permalink(account.id, record.rkey),
        }

    def _reply(self, uri: str) -> dict[str, Any]:
        parent = self.double.records.by_uri(uri)
        if parent is None:
            raise ValueError(f"There is no post {uri}.")
        above = {"uri": parent.uri, "cid": parent.cid}
        root = (parent.value.get("reply") or {}).get("root") or above
        return {"root": root, "parent": above}
