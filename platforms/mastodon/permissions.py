"""What is asked for at a Mastodon server, and why.

https://docs.joinmastodon.org/api/oauth-scopes/ (2026-11-21). Servers before 4.3 don't
know `profile`; there the older and wider `read:accounts` stands in for it.
"""

from __future__ import annotations

from platforms.types import Input, Method, Permission

LOGIN = "server"
SERVER = "server"
PROFILE, OLDER_PROFILE = "profile", "read:accounts"
# Scopes that include another one.
WIDER = {
    PROFILE: (OLDER_PROFILE, "read"),
    "read:statuses": ("read",),
    "write:statuses": ("write",),
    "write:media": ("write",),
}

METHODS = (
    Method(
        LOGIN,
        "Mastodon",
        "redirect",
        inputs=(
            Input(
                SERVER,
                "Your server",
                "The address of your server, or your full name there.",
                placeholder="mastodon.social or @you@mastodon.social",
            ),
        ),
        help="Sign in at your own server.",
    ),
)

PERMISSIONS = (
    Permission(
        PROFILE,
        "To show which account you connected, with its name and picture.",
        "connect",
        "Profile",
    ),
    Permission(
        "write:statuses",
        "To publish the posts that you schedule, at the time you set.",
        "publish",
        "Publish posts",
    ),
    Permission(
        "write:media",
        "To upload the photos and videos of your posts.",
        "publish",
        "Upload media",
    ),
    Permission(
        "read:statuses",
        "To see whether a post went out when your server's answer got lost.",
        "publish",
        "Read your posts",
    ),
)
SCOPES = tuple(permission.name for permission in PERMISSIONS)


def older(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """The same for a server that doesn't know `profile` yet."""
    return tuple(OLDER_PROFILE if name == PROFILE else name for name in scopes)


def granted_of(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Of what we ask for, what a token's scopes include under whichever name."""
    return tuple(
        name
        for name in SCOPES
        if name in scopes or set(WIDER.get(name, ())) & set(scopes)
    )
