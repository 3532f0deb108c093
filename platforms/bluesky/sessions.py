"""Sessions with an app password, and how any of our tokens signs a call.

https://docs.bsky.app/docs/get-started#create-session, read 2026-11-21; lifetimes tried
on a real server: access 2 hours, refresh 90 days.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import jwt

from platforms.bluesky import api, oauth
from platforms.bluesky.errors import PUBLISH_SCOPE
from platforms.bluesky.identity import Account
from platforms.bluesky.wire import Auth, Bearer, Dpop, Json, Wire, Xrpc, text_of
from platforms.errors import AuthExpired, Rejected
from platforms.types import Token

METHOD = "app_password"
SCOPE = "com.atproto.appPass"
# Tried on a real server: a refresh token that was used renews for two hours more.
OLD_RENEWS_FOR = timedelta(hours=2)
_SHAPE = re.compile(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}")
_FIELD = "app_password"
_WRONG = "AuthenticationRequired"


def app_password(typed: str) -> str:
    """`typed` when it looks like one; the account's own password is refused unseen."""
    password = typed.strip().lower()
    if not _SHAPE.fullmatch(password):
        raise Rejected(
            "This isn't an app password: they look like abcd-efgh-ijkl-mnop. "
            "Never type your account's own password here.",
            _FIELD,
            code="not_an_app_password",
        )
    return password


def open_with(wire: Wire, account: Account, password: str) -> Token:
    """Rejected beside the field that is wrong."""
    try:
        answer = api.create_session(Xrpc(wire, account.pds), account.did, password)
        _must_be(account.did, answer)
    except AuthExpired as refused:
        raise Rejected(
            "Bluesky doesn't accept this app password for this handle."
            if refused.code == _WRONG
            else refused.message,
            _FIELD,
            code=refused.code,
            status=refused.status,
            details=refused.details,
        ) from None
    return _token(answer, account.pds)


def refresh(wire: Wire, token: Token, did: str) -> Token:
    """The old refresh token lives on for some two hours: a lost answer does no harm."""
    server = Xrpc(wire, server_of(token), Bearer(token.refresh))
    answer = api.refresh_session(server)
    _must_be(did, answer)
    return _token(answer, server.base)


def close(wire: Wire, token: Token) -> None:
    api.delete_session(Xrpc(wire, server_of(token), Bearer(token.refresh)))


def server_of(token: Token) -> str:
    """AuthExpired when the token doesn't say where its account lives."""
    pds = token.extra.get("pds", "")
    if not pds:
        raise AuthExpired("Connect the Bluesky profile again.", details="no server")
    return pds


def is_oauth(token: Token) -> bool:
    return token.extra.get("method") == oauth.METHOD


def signed(wire: Wire, token: Token) -> Xrpc:
    """The account's own server with the rights of `token`."""
    auth: Auth = Bearer(token.access)
    if is_oauth(token):
        auth = Dpop(oauth.Session.of(token).dpop_key, token.access)
    return Xrpc(wire, server_of(token), auth)


def may_overwrite(token: Token) -> bool:
    """Whether putRecord is allowed: it needs the right to create and to update.

    https://atproto.com/specs/permission, read 2026-11-21. No `action` means all.
    """
    if not is_oauth(token) or PUBLISH_SCOPE in token.scopes:
        return True
    allowed = (_actions(scope) for scope in token.scopes)
    return any({"create", "update"} <= actions for actions in allowed)


def _actions(scope: str) -> set[str]:
    """What a scope such as "repo:app.bsky.feed.post?action=create" allows to posts."""
    kind, _, query = scope.partition("?")
    resource, _, collection = kind.partition(":")
    options = parse_qs(query)
    collections = {collection, *options.get("collection", ())}
    if resource != "repo" or not collections & {"*", api.POSTS}:
        return set()
    return set(options.get("action", ("create", "update", "delete")))


def _token(answer: Json, pds: str) -> Token:
    access = text_of(answer, "accessJwt")
    return Token(
        access=access,
        refresh=text_of(answer, "refreshJwt"),
        expires_at=_expiry(access),
        scopes=(SCOPE,),
        extra={"method": METHOD, "pds": pds},
    )


def _must_be(did: str, answer: Json) -> None:
    if answer.get("did") != did:
        raise AuthExpired("Bluesky answered for another account.", code="other_account")
    if answer.get("active") is False:
        raise AuthExpired(
            "This Bluesky account is switched off. Sign in at Bluesky to see why.",
            code=str(answer.get("status") or "inactive"),
        )


def _expiry(access: str) -> datetime | None:
    """The `exp` claim. Not verified: that is for the server that wrote it."""
    try:
        claims = jwt.decode(access, options={"verify_signature": False})
        return datetime.fromtimestamp(int(claims["exp"]), tz=UTC)
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OSError):
        return None
