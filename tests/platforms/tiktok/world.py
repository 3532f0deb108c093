"""A TikTok that answers well, and a sample account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.http import Reply
from platforms import clock
from platforms.adapter import Credentials
from platforms.tiktok.adapter import TikTok
from platforms.tiktok.permissions import SCOPES
from platforms.types import Profile, Token, Visit
from tests.platforms.fakes import FakeHttp, reply

CREDENTIALS = {
    "TIKTOK_CLIENT_ID": "aw12key",
    "TIKTOK_CLIENT_SECRET": "canary-tiktok-app-secret",
}
OPEN_ID = "-000abcDEF12"
ACCESS, REFRESH = "act.canary-access-one!4521.va", "rft.canary-refresh-one!4521.va"
ACCESS_2, REFRESH_2 = "act.canary-access-two!4521.va", "rft.canary-refresh-two!4521.va"
TOKENS = (ACCESS, REFRESH, ACCESS_2, REFRESH_2)
HALF_YEAR_S = 180 * 86_400
VISIT = Visit(
    "tiktok_login",
    "https://later.example/connect/tiktok/callback/",
    "state-1",
    "https://later.example",
)
PROFILE = Profile(OPEN_ID, "mirabakes")


def token(**facts: Any) -> Token:
    known: dict[str, Any] = {
        "refresh": REFRESH,
        "expires_at": clock.now() + timedelta(hours=2),
        "scopes": SCOPES,
    }
    return Token(ACCESS, **{**known, **facts})


def pair(second: bool = False, **facts: Any) -> Reply:
    known = {
        "open_id": OPEN_ID,
        "scope": ",".join(SCOPES),
        "access_token": ACCESS_2 if second else ACCESS,
        "expires_in": 7_200,
        "refresh_token": REFRESH_2 if second else REFRESH,
        "refresh_expires_in": HALF_YEAR_S,
        "token_type": "Bearer",
    }
    return reply({**known, **facts})


def answer(data: dict[str, Any]) -> Reply:
    error = {"code": "ok", "message": "", "log_id": "20261121x"}
    return reply({"data": data, "error": error})


def refusal(code: str, status: int = 200) -> Reply:
    """The API's envelope; its own status says little."""
    error = {"code": code, "message": f"Told: {code}", "log_id": "20261121x"}
    return reply({"data": {}, "error": error}, status)


def token_refusal(code: str, status: int = 200) -> Reply:
    said = {"error": code, "error_description": "Told.", "log_id": "20261121x"}
    return reply(said, status)


def user(**facts: Any) -> Reply:
    known = {
        "open_id": OPEN_ID,
        "avatar_url": "https://p16.tiktokcdn.com/mira.jpeg",
        "display_name": "Mira",
        "username": "mirabakes",
    }
    return answer({"user": {**known, **facts}})


def creator() -> Reply:
    return answer(
        {
            "creator_avatar_url": "https://p16.tiktokcdn.com/mira.jpeg",
            "creator_username": "mirabakes",
            "creator_nickname": "Mira",
            "privacy_level_options": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"],
            "comment_disabled": False,
            "duet_disabled": False,
            "stitch_disabled": True,
            "max_video_post_duration_sec": 600,
        }
    )


def videos(*ids: str) -> Reply:
    return answer({"videos": [{"id": each} for each in ids], "has_more": False})


def world() -> FakeHttp:
    http = FakeHttp()
    http.on(
        "POST",
        "open.tiktokapis.com/v2/oauth/token/",
        lambda sent: pair(sent.form["grant_type"] == "refresh_token"),
    )
    http.on("POST", "open.tiktokapis.com/v2/oauth/revoke/", reply(b""))
    http.on("GET", "open.tiktokapis.com/v2/user/info/", user())
    http.on("POST", "/v2/post/publish/creator_info/query/", creator())
    http.on("POST", "/v2/video/list/", videos("7301"))
    return http


def tiktok(http: FakeHttp | None = None) -> TikTok:
    return TikTok(Credentials(CREDENTIALS), http or world())
