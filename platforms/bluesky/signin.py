"""The sign-in from a typed name to a checked account, both ways."""

from __future__ import annotations

from collections.abc import Mapping

from core.http import browser_url
from platforms.bluesky import api, clients, oauth, sessions
from platforms.bluesky.clients import Keys
from platforms.bluesky.identity import (
    HANDLE,
    Account,
    Directory,
    cleaned,
    is_address,
    origin_of,
)
from platforms.bluesky.wire import Json, Wire
from platforms.errors import PlatformError, Rejected, Unavailable, Unsupported
from platforms.types import Grant, Identity, Redirect, Token, Visit


class SignIn:
    def __init__(self, wire: Wire, directory: Directory, keys: Keys) -> None:
        self.wire = wire
        self.directory = directory
        self.keys = keys

    def with_app_password(self, inputs: Mapping[str, str]) -> Grant:
        """The form is judged before anything is asked of the network."""
        password = sessions.app_password(inputs.get("app_password", ""))
        try:
            account = self.directory.account(cleaned(inputs.get("handle", "")))
            token = sessions.open_with(self.wire, account, password)
        except Rejected as error:
            # Whatever isn't about the password is about where the handle led to.
            error.field = error.field or "handle"
            raise
        return self._grant(account, token)

    def begin(self, visit: Visit) -> Redirect:
        client = clients.client_for(visit.base_url, visit.redirect_uri, self.keys)
        server, account = self._where(cleaned(visit.inputs.get("account", "")))
        ask = {"redirect_uri": visit.redirect_uri, "state": visit.state}
        if account:
            ask["login_hint"] = account.handle or account.did
        if visit.again:
            ask["prompt"] = "consent"
        url, secret = oauth.begin(self.wire, server, client, self.keys, ask)
        return Redirect(
            browser_url(url), {**secret, "did": account.did if account else ""}
        )

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        code = oauth.code_in(query, secret["issuer"])
        answer = oauth.exchange(self.wire, secret, self.keys, code, visit.redirect_uri)
        account = self._owner(answer["sub"], secret)
        session = oauth.Session.begun(secret, account.pds)
        return self._grant(account, oauth.token_from(answer, session))

    def _where(self, typed: str) -> tuple[oauth.Server, Account | None]:
        """The authorization server of a handle, a DID, or a server's address."""
        if not typed:
            entry = origin_of(self.directory.places.entry)
            return oauth.server_of(self.wire, entry), None
        if is_address(typed):
            return self._server_at(origin_of(typed)), None
        try:
            account = self.directory.account(typed)
        except Rejected as unknown:
            return self._server_named(typed, unknown), None
        return oauth.server_of(self.wire, account.pds), account

    def _server_at(self, origin: str) -> oauth.Server:
        """A mistyped address and a server that is down look alike from here."""
        try:
            return oauth.server_of(self.wire, origin)
        except Unavailable as error:
            raise Rejected(
                f"{origin} doesn't answer. Check the address, or try again later.",
                code="no_answer",
                status=error.status,
                details=error.details,
            ) from None

    def _server_named(self, typed: str, unknown: Rejected) -> oauth.Server:
        """A domain that is no handle may be a server's, typed without https://."""
        if unknown.code != "unknown_handle" or not HANDLE.fullmatch(typed):
            raise unknown
        try:
            return oauth.server_of(self.wire, f"https://{typed}")
        except (Rejected, Unavailable, Unsupported):
            raise unknown from None

    def _owner(self, did: str, secret: Mapping[str, str]) -> Account:
        """Whose the token is, by the network's word and not the server's own.

        Without this any server could claim any account (R-C10).
        """
        account = self.directory.by_did(did)
        if oauth.server_of(self.wire, account.pds).issuer != secret["issuer"]:
            raise Rejected(
                "This server may not sign in this account.", code="issuer_mismatch"
            )
        if secret["did"] and secret["did"] != did:
            raise Rejected(
                f"You signed in as @{account.handle}, another account than the one "
                "you named. Sign in with that one, or start again.",
                code="other_account",
            )
        return account

    def _grant(self, account: Account, token: Token) -> Grant:
        about = self._about(account.did)
        handle = str(about.get("handle") or account.handle)
        identity = Identity(
            external_id=account.did,
            name=str(about.get("displayName") or handle),
            handle=handle,
            kind="account",
            role="owner",
            picture_url=str(about.get("avatar") or ""),
        )
        return Grant(token, (identity,), token.scopes)

    def _about(self, did: str) -> Json:
        """Name and picture; a fresh or self-hosted account may not be known there."""
        try:
            return api.get_profile(self.wire, self.directory.places.app_view, did)
        except PlatformError:
            return {}
