"""Sign in at a Mastodon server: registered there once, with PKCE.

https://docs.joinmastodon.org/methods/oauth/ (2026-11-21). Older servers pass over the
challenge; tokens have no end. Servers may clear registrations away, and their page for
signing in then leads nowhere, so a kept one is tried before anybody is sent there.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping

from core.http import Http
from core.oauth import Client, authorize_url
from platforms import clock
from platforms.errors import AuthExpired, Rejected
from platforms.mastodon import api
from platforms.mastodon.api import Access, Account, App, Instance, Server
from platforms.mastodon.errors import UNKNOWN_CLIENT
from platforms.mastodon.permissions import SCOPES, granted_of, older
from platforms.registrations import Registration
from platforms.sign_in import USED_CODE
from platforms.types import Grant, Identity, Token, Visit

FORGOTTEN = (
    "Your server no longer knows this installation, so nothing was connected. Please "
    "start again: it will be registered there anew."
)


def begin(http: Http, visit: Visit, host: str) -> tuple[str, dict[str, str]]:
    """Where to go, and what the way back needs."""
    found = api.instance(http, host)
    app = _app(Server(http, found.host), visit)
    verifier = secrets.token_urlsafe(48)
    extra = {"code_challenge": challenge(verifier), "code_challenge_method": "S256"}
    if visit.again:
        extra["force_login"] = "true"
    client = Client(app.client_id, app.client_secret, visit.redirect_uri)
    url = authorize_url(
        client,
        f"https://{found.host}/oauth/authorize",
        scopes=app.scopes,
        state=visit.state,
        extra=extra,
    )
    return url, {
        "host": found.host,
        "domain": found.domain,
        "version": found.version,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "verifier": verifier,
    }


def finish(http: Http, visit: Visit, secret: Mapping[str, str], code: str) -> Grant:
    """Code to token, and the one account it belongs to."""
    app = App(secret["client_id"], secret["client_secret"], ())
    access = _exchange(Server(http, secret["host"]), app, visit, secret, code)
    account = api.verify_credentials(Server(http, secret["host"], access.token))
    where = Instance(secret["host"], secret["domain"], secret["version"])
    token = _token(access, where, app)
    return Grant(token, (_identity(account, where, token),), token.scopes)


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _app(server: Server, visit: Visit) -> App:
    terms = " ".join((visit.redirect_uri, *SCOPES))
    kept = visit.registrations.kept(server.host, terms)
    if kept is not None and api.knows(server, _of(kept)):
        return _of(kept)
    return _of(
        visit.registrations.renew(
            server.host,
            terms,
            lambda: _keepable(_registered(server, visit.redirect_uri)),
            stale=kept["client_id"] if kept else "",
        )
    )


def _keepable(app: App) -> Registration:
    return {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "scopes": " ".join(app.scopes),
    }


def _of(kept: Registration) -> App:
    scopes = tuple(kept["scopes"].split())
    return App(kept["client_id"], kept["client_secret"], scopes)


def _registered(server: Server, redirect_uri: str) -> App:
    """A server that doesn't know a scope refuses the registration as a whole."""
    try:
        return api.register(server, redirect_uri, SCOPES)
    except Rejected as error:
        if error.status != 422:
            raise
    return api.register(server, redirect_uri, older(SCOPES))


def _exchange(
    server: Server, app: App, visit: Visit, secret: Mapping[str, str], code: str
) -> Access:
    try:
        return api.exchange(
            server,
            app,
            code=code,
            redirect_uri=visit.redirect_uri,
            code_verifier=secret["verifier"],
        )
    except (AuthExpired, Rejected) as error:
        unknown = error.details == UNKNOWN_CLIENT
        words = FORGOTTEN if unknown else USED_CODE
        raise Rejected(
            words, status=error.status, code="grant", details=error.details
        ) from None


def _token(access: Access, where: Instance, app: App) -> Token:
    extra = {
        "host": where.host,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
    }
    ends = clock.after(access.expires_in) if access.expires_in else None
    return Token(
        access.token, expires_at=ends, scopes=granted_of(access.scopes), extra=extra
    )


def _identity(account: Account, where: Instance, token: Token) -> Identity:
    """Known by the server that answered: ids of two servers may be the same."""
    return Identity(
        external_id=f"{account.id}@{where.host}",
        name=account.name or account.username,
        handle=f"{account.username}@{where.domain}",
        role="Owner",
        picture_url=account.picture_url,
        token=token,
        data={"host": where.host, "version": where.version},
    )
