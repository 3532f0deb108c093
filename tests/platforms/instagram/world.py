"""An Instagram that answers well, and sample accounts of both logins."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.http import Reply
from platforms import clock
from platforms.adapter import Credentials
from platforms.instagram.adapter import Instagram
from platforms.types import Job, Media, Profile, Published, Token, Visit
from tests.platforms.fakes import FakeHttp, Sent, counter, reply
from tests.platforms.samples import draft, photo, video

CREDENTIALS = {
    "INSTAGRAM_CLIENT_ID": "ig-app",
    "INSTAGRAM_CLIENT_SECRET": "canary-ig-app-secret",
    "FACEBOOK_CLIENT_ID": "fb-app",
    "FACEBOOK_CLIENT_SECRET": "canary-fb-app-secret",
}
ACCOUNT = "17841400000000001"
SHORT = "IGAAcanary-short"
LONG = "IGAAcanary-long"
LONGER = "IGAAcanary-longer"
USER_SHORT = "EAAcanary-user-short"
USER = "EAAcanary-user-long"
PAGE = "EAAcanary-page"
TOKENS = (SHORT, LONG, LONGER, USER_SHORT, USER, PAGE)

BASIC = "instagram_business_basic"
PUBLISH = "instagram_business_content_publish"
COMMENTS = "instagram_business_manage_comments"
FB_SCOPES = (
    "instagram_basic",
    "pages_show_list",
    "pages_read_engagement",
    "instagram_content_publish",
    "instagram_manage_comments",
)
POST, COMMENT = "17950000000000009", "18010000000000005"
TAGS = "More #tags, @lena"
REDIRECT = "https://later.example/connect/instagram/back"
SIXTY_DAYS_S = 5_183_944


def visit(method: str, **facts: Any) -> Visit:
    return Visit(method, REDIRECT, "state-1", "https://later.example", **facts)


def issued(age: timedelta) -> str:
    return (clock.now() - age).isoformat()


def ig_token(age: timedelta = timedelta(days=40), **facts: Any) -> Token:
    known: dict[str, Any] = {
        "access": LONG,
        "expires_at": clock.now() + timedelta(days=60) - age,
        "scopes": (BASIC, PUBLISH, COMMENTS),
        "extra": {"login": "instagram_login", "issued_at": issued(age)},
    }
    return Token(**{**known, **facts})


def fb_token() -> Token:
    extra = {"login": "facebook_login", "user_token": USER}
    return Token(PAGE, scopes=FB_SCOPES, extra=extra)


IG_PROFILE = Profile(ACCOUNT, "lena.studio", "business", {"login": "instagram_login"})
FB_PROFILE = Profile(
    ACCOUNT, "lena.studio", "", {"login": "facebook_login", "page_id": "1122"}
)


def refusal(code: int, subcode: int = 0, status: int = 400, **facts: Any) -> Reply:
    """Meta's envelope; `headers` go beside it."""
    headers = facts.pop("headers", {})
    error: dict[str, Any] = {
        "message": f"Told in words ({code}/{subcode})",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "Atrace",
        **facts,
    }
    if subcode:
        error["error_subcode"] = subcode
    return reply({"error": error}, status, **headers)


def status(code: str, text: str = "") -> Reply:
    return reply({"status_code": code, "status": text or code, "id": "1"})


def processed() -> Any:
    """Each container is in progress at the first look, finished at the second."""
    looks: Counter[str] = Counter()

    def answer(sent: Sent) -> Reply:
        looks[sent.url] += 1
        return status("IN_PROGRESS" if looks[sent.url] == 1 else "FINISHED")

    return answer


def containers(uri: bool = False) -> Any:
    """Fresh containers; resumable ones also name where to upload to."""
    ids = counter("1790000000000000{}")

    def answer(sent: Sent) -> Reply:
        made = next(ids)
        where = f"https://rupload.facebook.com/ig-api-upload/v26.0/{made}"
        resumable = sent.form.get("upload_type") == "resumable"
        return reply({"id": made, **({"uri": where} if resumable else {})})

    return answer


def post(number: int = 9, **facts: Any) -> dict[str, Any]:
    """A post in a listing."""
    at = facts.pop("at", datetime.now(UTC))  # noqa: TID251
    return {
        "id": f"1795000000000000{number}",
        "caption": "Hello @sun",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "permalink": f"https://www.instagram.com/p/short{number}/",
        **facts,
    }


def listing(*posts: dict[str, Any]) -> Reply:
    return reply({"data": list(posts)})


def page(number: int = 1, **facts: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": f"112{number}",
        "name": "Lena Studio",
        "access_token": PAGE,
        "tasks": ["CREATE_CONTENT", "MODERATE"],
        "instagram_business_account": {
            "id": ACCOUNT,
            "username": "lena.studio",
            "name": "Lena",
            "profile_picture_url": "https://cdn.example/lena.jpg",
        },
    }
    return {**known, **facts}


def me(**facts: Any) -> Reply:
    known = {
        "id": "998877",
        "user_id": ACCOUNT,
        "username": "lena.studio",
        "name": "Lena",
        "account_type": "BUSINESS",
        "profile_picture_url": "https://cdn.example/lena.jpg",
    }
    return reply({**known, **facts})


def inspected(**facts: Any) -> Reply:
    until = int(clock.now().timestamp()) + 90 * 86_400
    known = {"user_id": "555", "is_valid": True, "data_access_expires_at": until}
    known["scopes"] = list(FB_SCOPES)
    return reply({"data": {**known, "granular_scopes": [], **facts}})


def permissions(*granted: str, declined: tuple[str, ...] = ()) -> Reply:
    rows = [{"permission": name, "status": "granted"} for name in granted]
    rows += [{"permission": name, "status": "declined"} for name in declined]
    return reply({"data": rows})


def _instagram_login(http: FakeHttp) -> None:
    flat = {
        "access_token": SHORT,
        "user_id": int(ACCOUNT),
        "permissions": [BASIC, PUBLISH, COMMENTS],
    }
    long = {"token_type": "bearer", "expires_in": SIXTY_DAYS_S}
    http.on("POST", "api.instagram.com/oauth/access_token", reply(flat))
    http.on(
        "GET",
        r"graph.instagram.com/access_token\?grant_type=ig_exchange_token",
        reply({**long, "access_token": LONG}),
    )
    http.on(
        "GET",
        "graph.instagram.com/refresh_access_token",
        reply({**long, "access_token": LONGER}),
    )
    http.on("GET", r"v26.0/me\?", me())


def _facebook_login(http: FakeHttp) -> None:
    short = {"access_token": USER_SHORT, "token_type": "bearer", "expires_in": 5_177}
    long = {"access_token": USER, "token_type": "bearer", "expires_in": 5_184_000}
    http.on(
        "POST",
        "graph.facebook.com/v26.0/oauth/access_token",
        lambda sent: reply(long if "fb_exchange_token" in sent.form else short),
    )
    http.on("GET", "v26.0/debug_token", inspected())
    http.on("GET", "v26.0/me/permissions", permissions(*FB_SCOPES))
    http.on("DELETE", "v26.0/me/permissions", reply({"success": True}))
    http.on("GET", "v26.0/me/accounts", reply({"data": [page()]}))


def world() -> FakeHttp:
    http = FakeHttp()
    _instagram_login(http)
    _facebook_login(http)
    limit = {"quota_usage": 7, "config": {"quota_total": 50, "quota_duration": 86_400}}
    http.on("GET", "/content_publishing_limit", reply({"data": [limit]}))
    http.on("GET", r"/1790\d+\?fields=status_code", processed())
    http.on("GET", r"fields=video_status", reply({"id": "1"}))
    http.on("POST", f"/{ACCOUNT}/media\\?", containers())
    http.on("POST", "rupload.facebook.com", reply({"success": True}))
    http.on("POST", "/media_publish", reply({"id": "17950000000000009"}))
    http.on("GET", f"/{ACCOUNT}/media\\?", listing(post()))
    http.on("GET", f"/{ACCOUNT}/stories", listing())
    link = {"permalink": "https://www.instagram.com/p/short9/"}
    http.on("GET", r"/1795\d+\?fields=permalink", reply(link))
    http.on("GET", r"/1795\d+\?fields=id$", reply({"id": POST}))
    http.on("POST", f"/{POST}/comments", reply({"id": COMMENT}))
    http.on("GET", f"/{POST}/comments", listing(comment()))
    return http


def comment(text: str = TAGS, **facts: Any) -> dict[str, Any]:
    """In a post's list: ours, just now."""
    known: dict[str, Any] = {
        "id": COMMENT,
        "text": text,
        "timestamp": f"{clock.now():%Y-%m-%dT%H:%M:%S+0000}",
        "username": "lena.studio",
        "from": {"id": ACCOUNT, "username": "lena.studio"},
    }
    return {**known, **facts}


def job(kind: str, text: str, *media: Media, facebook: bool = False) -> Job:
    profile, token = (FB_PROFILE, fb_token()) if facebook else (IG_PROFILE, ig_token())
    return Job(draft(kind, text, *media), profile, token, "key-1")


def jobs(*, facebook: bool = False) -> dict[str, Job]:
    return {
        "image": job("image", "Hello @sun", photo(), facebook=facebook),
        "reel": job("reel", "A reel", video(), facebook=facebook),
        "carousel": job(
            "carousel", "Three", photo(1), video(2), photo(3), facebook=facebook
        ),
        "story": job("story", "", photo(), facebook=facebook),
    }


def comment_job(*, facebook: bool = False) -> Job:
    """What follows a post that is out."""
    follow = job("image", TAGS, facebook=facebook)
    return replace(follow, before=(Published(POST),))


def instagram(http: FakeHttp | None = None, **credentials: str) -> Instagram:
    return Instagram(Credentials({**CREDENTIALS, **credentials}), http or world())
