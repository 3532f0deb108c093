"""What is asked for at TikTok, and why.

https://developers.tiktok.com/doc/tiktok-api-scopes (2026-11-21).
"""

from __future__ import annotations

from platforms.types import Method, Permission

LOGIN = "tiktok_login"
SETTINGS = ("TIKTOK_CLIENT_ID", "TIKTOK_CLIENT_SECRET")

BASIC, DETAILS = "user.info.basic", "user.info.profile"
PUBLISH, VIDEOS = "video.publish", "video.list"

METHODS = (
    Method(
        LOGIN,
        "TikTok",
        "redirect",
        credentials=SETTINGS,
        help="Sign in with TikTok, as the account that shall post.",
    ),
)

PERMISSIONS = (
    Permission(
        BASIC,
        "To show which account you connected, with its name and picture.",
        "connect",
        "Name and picture",
    ),
    Permission(
        DETAILS,
        "To show the @username, which the links of your posts need.",
        "connect",
        "Username",
    ),
    Permission(
        PUBLISH,
        "To publish the posts that you schedule, at the time you set.",
        "publish",
        "Publish",
    ),
    Permission(
        VIDEOS,
        "To see that the profile has a public video, without which TikTok takes no "
        "posts from other apps, and whether a post went out.",
        "publish",
        "Public videos",
    ),
)
SCOPES = tuple(permission.name for permission in PERMISSIONS)
