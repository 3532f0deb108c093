"""A Facebook that answers well, and a sample Page."""

from __future__ import annotations

from typing import Any

from core.http import Reply
from platforms import clock
from platforms.adapter import Credentials
from platforms.facebook.adapter import Facebook
from platforms.types import Profile, Token, Visit
from tests.platforms.fakes import FakeHttp, reply

CREDENTIALS = {
    "FACEBOOK_CLIENT_ID": "fb-app",
    "FACEBOOK_CLIENT_SECRET": "canary-fb-app-secret",
}
PAGE_ID, OTHER_ID = "110022", "110033"
USER_SHORT = "EAAcanary-user-short"
USER = "EAAcanary-user-long"
PAGE = "EAAcanary-page"
TOKENS = (USER_SHORT, USER, PAGE)
LISTED, READ, POSTS = "pages_show_list", "pages_read_engagement", "pages_manage_posts"
SCOPES = (LISTED, READ, POSTS)
VISIT = Visit(
    "facebook_login",
    "https://later.example/connect/facebook/back",
    "state-1",
    "https://later.example",
)
PROFILE = Profile(PAGE_ID, kind="page", data={"login_id": "555"})
TOKEN = Token(PAGE, scopes=SCOPES, extra={"user_token": USER})
NINETY_DAYS_S = 90 * 86_400


def page(ident: str = PAGE_ID, **facts: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": ident,
        "name": "Lena Studio",
        "username": "lenastudio",
        "access_token": PAGE,
        "tasks": ["PROFILE_PLUS_CREATE_CONTENT"],
        "category": "Artist",
        "is_published": True,
        "picture": {"data": {"url": "https://cdn.example/lena.jpg"}},
    }
    return {**known, **facts}


def granular(scope: str, *pages: str) -> dict[str, Any]:
    return {"scope": scope, "target_ids": list(pages)}


def inspected(*scopes: dict[str, Any], **facts: Any) -> Reply:
    until = int(clock.now().timestamp()) + NINETY_DAYS_S
    known = {
        "user_id": "555",
        "is_valid": True,
        "data_access_expires_at": until,
        "scopes": list(SCOPES),
    }
    return reply({"data": {**known, "granular_scopes": list(scopes), **facts}})


def dead(subcode: int, code: int = 190) -> Reply:
    error = {"code": code, "subcode": subcode, "message": "Told in words."}
    return inspected(is_valid=False, scopes=[], error=error)


def permissions(*granted: str, declined: tuple[str, ...] = ()) -> Reply:
    rows = [{"permission": name, "status": "granted"} for name in granted]
    rows += [{"permission": name, "status": "declined"} for name in declined]
    return reply({"data": rows})


def world() -> FakeHttp:
    http = FakeHttp()
    short = {"access_token": USER_SHORT, "token_type": "bearer", "expires_in": 5_177}
    long = {"access_token": USER, "token_type": "bearer", "expires_in": 5_184_000}
    http.on(
        "POST",
        "graph.facebook.com/v26.0/oauth/access_token",
        lambda sent: reply(long if "fb_exchange_token" in sent.form else short),
    )
    http.on("GET", "v26.0/debug_token", inspected())
    http.on("GET", "v26.0/me/permissions", permissions(*SCOPES))
    http.on("DELETE", "v26.0/me/permissions", reply({"success": True}))
    http.on("GET", "v26.0/me/accounts", reply({"data": [page()]}))
    return http


def facebook(http: FakeHttp | None = None, **credentials: str) -> Facebook:
    return Facebook(Credentials({**CREDENTIALS, **credentials}), http or world())
