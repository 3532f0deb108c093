"""TikTok accounts and their videos, and those a fresh sandbox has.

An identity's `extra`: `private` (its videos are for followers), `banned` (may not post),
`followers`. Kinds are personal and business; TikTok tells apps neither.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from sandbox.state import Identity, State, Table

KEY = "tiktok"
KINDS = ("personal", "business")
PICTURES = "p16.tiktokcdn.com"
PUBLIC = "PUBLIC_TO_EVERYONE"
PRIVACY = (
    PUBLIC,
    "MUTUAL_FOLLOW_FRIENDS",
    "FOLLOWER_OF_CREATOR",
    "SELF_ONLY",
)
_HANDLE = re.compile(r"[a-z0-9._]{2,24}")

# Handle, name, kind, extra, privacy of the videos so far.
ACCOUNTS: tuple[tuple[str, str, str, dict[str, Any], tuple[str, ...]], ...] = (
    ("mirabakes", "Mira Bakes", "personal", {"followers": 18_204}, (PUBLIC,) * 3),
    ("northtrail", "Northtrail", "business", {"followers": 6_310}, (PUBLIC,)),
    ("sami.starts", "Sami Starts", "personal", {"followers": 12}, ()),
    (
        "quiet.pete",
        "Pete Q",
        "personal",
        {"private": True, "followers": 88},
        ("FOLLOWER_OF_CREATOR", "SELF_ONLY"),
    ),
    ("loud.lou", "Lou", "personal", {"banned": True}, (PUBLIC,) * 2),
)


@dataclass(slots=True)
class Video:
    """`privacy` is one of PRIVACY; times are Unix seconds."""

    id: str
    account: str
    title: str
    created_at: float
    privacy: str


def new_account(state: State, wish: dict[str, Any]) -> Identity:
    """ValueError if the handle is taken or odd, or the kind unknown."""
    number = state.serial("tiktok.account")
    handle = str(wish.get("handle") or f"user{number}")
    if not _HANDLE.fullmatch(handle):
        raise ValueError(f"{handle!r} is no TikTok username.")
    if state.identity(KEY, handle) is not None:
        raise ValueError(f"The username {handle} is taken.")
    kind = str(wish.get("kind") or "personal")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}.")
    extra = {"private": False, "banned": False, "followers": 100 * number}
    extra |= dict(wish.get("extra") or {})
    ident = f"68{number:017d}"
    return Identity(ident, KEY, handle, str(wish.get("name") or handle), kind, extra)


def new_video(
    state: State, account: Identity, title: str, privacy: str, at: float
) -> Video:
    """ValueError for a privacy level that does not exist."""
    if privacy not in PRIVACY:
        raise ValueError(f"privacy must be one of {', '.join(PRIVACY)}.")
    ident = f"73{state.serial('tiktok.video'):017d}"
    return Video(ident, account.id, title, at, privacy)


def seed(state: State, videos: Table[Video], now: float) -> None:
    for handle, name, kind, extra, levels in ACCOUNTS:
        wish = {"handle": handle, "name": name, "kind": kind, "extra": extra}
        account = state.add_identity(new_account(state, wish))
        for number, privacy in enumerate(levels):
            at = now - 86_400 * (len(levels) - number)
            video = new_video(state, account, f"Take {number + 1}", privacy, at)
            videos[video.id] = video


def open_id(account: Identity, app: str) -> str:
    """Unique for an account and an app."""
    return "-000" + hashlib.sha256(f"{app}:{account.id}".encode()).hexdigest()[:28]


def user_node(account: Identity, app: str, videos: int) -> dict[str, Any]:
    """All fields of user/info. `videos`: how many are public."""
    picture = f"https://{PICTURES}/avatars/{account.id}.jpeg"
    return {
        "open_id": open_id(account, app),
        "union_id": hashlib.sha256(account.id.encode()).hexdigest()[:32],
        "avatar_url": picture,
        "avatar_url_100": picture,
        "avatar_large_url": picture,
        "display_name": account.name,
        "username": account.handle,
        "bio_description": "",
        "profile_deep_link": f"https://vm.tiktok.com/{account.handle}/",
        "is_verified": False,
        "follower_count": account.extra["followers"],
        "following_count": 21,
        "likes_count": 40 * videos,
        "video_count": videos,
    }


def privacy_options(account: Identity) -> list[str]:
    """What the account may choose from when it posts."""
    private = bool(account.extra["private"])
    left_out = PUBLIC if private else "FOLLOWER_OF_CREATOR"
    return [level for level in PRIVACY if level != left_out]
