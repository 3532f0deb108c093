"""Instagram's own login: Business Login for Instagram.

https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
(2026-11-21). Its endpoints for tokens have no version, and errors of their own shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.http import Http, Reply
from core.oauth import Client, authorize_url
from platforms import clock
from platforms.callbacks import Delivery, Withdrawal
from platforms.client import call, json_of, read_as
from platforms.errors import Rejected
from platforms.instagram.dialects import BY_KEY, INSTAGRAM_LOGIN
from platforms.instagram.errors import NAME
from platforms.instagram.limits import TOKEN_MIN_AGE
from platforms.meta import callbacks
from platforms.meta.errors import Judge
from platforms.meta.graph import Graph
from platforms.shapes import text_of
from platforms.sign_in import USED_CODE
from platforms.types import Grant, Identity, Token

AUTHORIZE = "https://www.instagram.com/oauth/authorize"
EXCHANGE = "https://api.instagram.com/oauth/access_token"
ME_FIELDS = "id,user_id,username,name,account_type,profile_picture_url"

# account_type as seen in 2026; letters of either case.
KINDS = {
    "business": "business",
    "media_creator": "creator",
    "creator": "creator",
    "personal": "personal",
}
REMOVED_THERE = "Access for Later was removed at Instagram."
PERSONAL = (
    "Instagram lets other apps publish for business and creator accounts only. In the "
    "Instagram app open Settings, then Account type and tools, then Switch to "
    "professional account. It is free. Then connect again."
)


@dataclass(frozen=True)
class ShortToken:
    access: str = field(repr=False)
    granted: tuple[str, ...] = ()


@dataclass(frozen=True)
class LongToken:
    access: str = field(repr=False)
    expires_in: int = 0
    granted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Me:
    """`id` belongs to our app, `user_id` to the account everywhere else."""

    id: str
    user_id: str
    username: str
    name: str
    kind: str
    picture_url: str


def sign_in_url(client: Client, state: str, *, again: bool) -> str:
    scopes = BY_KEY[INSTAGRAM_LOGIN].scopes
    extra = {"force_reauth": "true"} if again else {}
    return authorize_url(client, AUTHORIZE, scopes=scopes, state=state, extra=extra)


def finish(http: Http, graph: Graph, client: Client, code: str) -> Grant:
    """Code to long-lived token, and the one account it belongs to."""
    short = exchange_code(http, client, code)
    long = exchange_long(http, graph.judge, client, short.access)
    me = get_me(with_token(graph, long.access))
    token = token_of(long, short.granted)
    return Grant(token, (_identity(me, token),), short.granted)


def exchange_code(http: Http, client: Client, code: str) -> ShortToken:
    """POST api.instagram.com/oauth/access_token, as multipart like in the guide."""
    parts = {
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "grant_type": "authorization_code",
        "redirect_uri": client.redirect_uri,
        "code": code,
    }
    files = {name: (None, value) for name, value in parts.items()}
    reply = call(http, NAME, "POST", EXCHANGE, files=files)
    _refuse(reply)
    return read_as(_short, json_of(reply, NAME), NAME)


def exchange_long(http: Http, judge: Judge, client: Client, short: str) -> LongToken:
    """GET graph.instagram.com/access_token: an hour becomes 60 days."""
    return _bare(http, judge).get(
        "access_token",
        _long,
        grant_type="ig_exchange_token",
        client_secret=client.client_secret,
        access_token=short,
    )


def refresh(http: Http, judge: Judge, token: str) -> LongToken:
    """GET graph.instagram.com/refresh_access_token: 60 more days from now."""
    return _bare(http, judge).get(
        "refresh_access_token",
        _long,
        grant_type="ig_refresh_token",
        access_token=token,
    )


def get_me(graph: Graph) -> Me:
    """GET me"""
    return graph.get("me", _me, fields=ME_FIELDS)


def heard(name: str, delivery: Delivery, secret: str) -> tuple[Withdrawal, ...]:
    """Which of its two ids Instagram names isn't told, so either will do."""
    signed = callbacks.read(delivery, secret)
    here = {"login": INSTAGRAM_LOGIN}
    either = ("external_id", "app_scoped_id")
    return (
        Withdrawal(
            ("instagram",),
            tuple({key: signed.user_id, **here} for key in either),
            signed.issued_at,
            REMOVED_THERE,
            erase=name == callbacks.DELETE,
        ),
    )


def with_token(graph: Graph, token: str) -> Graph:
    return Graph(graph.http, graph.base, graph.judge, token)


def token_of(long: LongToken, granted: tuple[str, ...]) -> Token:
    now = clock.now()
    return Token(
        long.access,
        expires_at=clock.after(long.expires_in) if long.expires_in else None,
        scopes=granted,
        extra={"login": INSTAGRAM_LOGIN, "issued_at": now.isoformat()},
    )


def too_young(token: Token) -> bool:
    """Renewing is refused on the first day."""
    issued = token.extra.get("issued_at")
    if not issued:
        return False
    return clock.since(datetime.fromisoformat(issued)) < TOKEN_MIN_AGE.total_seconds()


def _bare(http: Http, judge: Judge) -> Graph:
    return Graph(http, BY_KEY[INSTAGRAM_LOGIN].host, judge)


def _refuse(reply: Reply) -> None:
    """The exchange's own envelope: error_type, code, error_message."""
    if reply.status != 400:
        return
    body = json_of(reply, NAME)
    kind = str(body.get("error_type") or "") if isinstance(body, Mapping) else ""
    raise Rejected(
        USED_CODE,
        status=400,
        code=kind[:64],
        details=reply.excerpt(),
    )


def _identity(me: Me, token: Token) -> Identity:
    return Identity(
        external_id=me.user_id,
        name=me.name or me.username,
        handle=me.username,
        kind=me.kind,
        role="Owner",
        picture_url=me.picture_url,
        refused=PERSONAL if me.kind == "personal" else "",
        token=token,
        data={"login": INSTAGRAM_LOGIN, "app_scoped_id": me.id},
    )


def _short(body: Any) -> ShortToken:
    """Two shapes are met: the guide's list in `data`, and the flat one of practice."""
    item = body["data"][0] if "data" in body else body
    return ShortToken(text_of(item["access_token"]), _names(item.get("permissions")))


def _long(body: Any) -> LongToken:
    return LongToken(
        text_of(body["access_token"]),
        int(body.get("expires_in") or 0),
        _names(body.get("permissions")),
    )


def _me(body: Any) -> Me:
    return Me(
        id=str(body["id"]),
        user_id=str(body["user_id"]),
        username=text_of(body["username"]),
        name=str(body.get("name") or ""),
        kind=KINDS.get(str(body.get("account_type") or "").lower(), ""),
        picture_url=str(body.get("profile_picture_url") or ""),
    )


def _names(value: Any) -> tuple[str, ...]:
    """A list, or a text with commas."""
    listed = value.split(",") if isinstance(value, str) else (value or ())
    return tuple(str(name).strip() for name in listed if str(name).strip())
