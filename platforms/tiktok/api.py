"""TikTok's endpoints that connecting needs, one function each.

https://developers.tiktok.com/doc/oauth-user-access-token-management,
https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info and the reference pages
of the same place for creator_info and video/list (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.http import Http
from core.oauth import Client
from platforms.client import call, read_as
from platforms.errors import OutcomeUnknown
from platforms.shapes import text_of
from platforms.tiktok.errors import NAME, value_of
from platforms.tiktok.permissions import BASIC, DETAILS, PUBLISH, VIDEOS

T = TypeVar("T")

API = "https://open.tiktokapis.com/v2"
TOKEN = f"{API}/oauth/token/"
REVOKE = f"{API}/oauth/revoke/"
FORM = {"Cache-Control": "no-cache"}


@dataclass(frozen=True)
class Pair:
    """An access token and the refresh token that came with it; lives in seconds."""

    open_id: str
    scopes: tuple[str, ...]
    access: str = field(repr=False)
    expires_in: int
    refresh: str = field(repr=False)
    refresh_expires_in: int


@dataclass(frozen=True)
class User:
    open_id: str
    name: str
    username: str
    picture_url: str


@dataclass(frozen=True)
class Creator:
    """What the account may do when it posts. `longest_s`: seconds of a video."""

    username: str
    nickname: str
    privacy: tuple[str, ...]
    comment_off: bool
    duet_off: bool
    stitch_off: bool
    longest_s: int


@dataclass(frozen=True)
class Caller:
    """One user's token, and how to ask with it."""

    http: Http
    access: str = field(repr=False)

    def ask(
        self,
        method: str,
        path: str,
        read: Callable[[Any], T],
        needs: str,
        **parts: Any,
    ) -> T:
        """`needs`: the permission that a refusal for want of one is about."""
        headers = {"Authorization": f"Bearer {self.access}"}
        url = f"{API}/{path}"
        reply = call(self.http, NAME, method, url, headers=headers, **parts)
        value = value_of(reply, (needs,))
        return read_as(lambda body: read(body["data"]), value, NAME)


def exchange(http: Http, client: Client, code: str) -> Pair:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
    }
    return _token(http, client, fields)


def refresh(http: Http, client: Client, token: str) -> Pair:
    """The old refresh token is dead afterwards, whether or not the answer arrives.

    OutcomeUnknown when it didn't arrive.
    """
    fields = {"grant_type": "refresh_token", "refresh_token": token}
    try:
        return _token(http, client, fields, mutating=True)
    except OutcomeUnknown as unknown:
        raise OutcomeUnknown(
            "TikTok didn't confirm the renewal of this connection.",
            status=unknown.status,
            details=unknown.details,
        ) from None


def revoke(http: Http, client: Client, access: str) -> None:
    """Ends the authorization of this user. The answer is empty or `{}`."""
    sent = {**_keys(client), "token": access}
    reply = call(http, NAME, "POST", REVOKE, data=sent, headers=FORM)
    if reply.ok and not reply.body.strip():
        return
    value_of(reply)


def user_info(caller: Caller, *, detailed: bool) -> User:
    """GET user/info/. `detailed`: with the username, which has a scope of its own."""
    names = ("open_id", "avatar_url", "display_name")
    fields = ",".join((*names, "username") if detailed else names)
    needs = DETAILS if detailed else BASIC
    return caller.ask("GET", "user/info/", _user, needs, params={"fields": fields})


def creator_info(caller: Caller) -> Creator:
    """POST post/publish/creator_info/query/: 20 a minute for each user."""
    path = "post/publish/creator_info/query/"
    return caller.ask("POST", path, _creator, PUBLISH, json={})


def has_public_video(caller: Caller) -> bool:
    """POST video/list/, which lists public videos only."""
    return caller.ask(
        "POST",
        "video/list/",
        lambda data: bool(data["videos"]),
        VIDEOS,
        params={"fields": "id"},
        json={"max_count": 1},
    )


def _token(
    http: Http, client: Client, fields: Mapping[str, str], *, mutating: bool = False
) -> Pair:
    sent = {**_keys(client), **fields}
    reply = call(http, NAME, "POST", TOKEN, mutating=mutating, data=sent, headers=FORM)
    value = value_of(reply, mutating=mutating)
    return read_as(_pair, value, NAME, mutating=mutating)


def _keys(client: Client) -> dict[str, str]:
    """TikTok's own name for the app's id."""
    return {"client_key": client.client_id, "client_secret": client.client_secret}


def _pair(body: Any) -> Pair:
    return Pair(
        open_id=text_of(body["open_id"]),
        scopes=names_in(body["scope"]),
        access=text_of(body["access_token"]),
        expires_in=int(body["expires_in"]),
        refresh=text_of(body["refresh_token"]),
        refresh_expires_in=int(body.get("refresh_expires_in") or 0),
    )


def names_in(text: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in text_of(text).split(",") if name.strip())


def _user(data: Any) -> User:
    user = data["user"]
    return User(
        open_id=text_of(user["open_id"]),
        name=str(user.get("display_name") or ""),
        username=str(user.get("username") or ""),
        picture_url=str(user.get("avatar_url") or ""),
    )


def _creator(data: Any) -> Creator:
    return Creator(
        username=str(data["creator_username"]),
        nickname=str(data["creator_nickname"]),
        privacy=tuple(str(each) for each in data["privacy_level_options"]),
        comment_off=bool(data["comment_disabled"]),
        duet_off=bool(data["duet_disabled"]),
        stitch_off=bool(data["stitch_disabled"]),
        longest_s=int(data["max_video_post_duration_sec"]),
    )
