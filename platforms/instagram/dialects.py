"""The two ways into Instagram: its own login, and Facebook's with a linked Page."""

from __future__ import annotations

from dataclasses import dataclass

from platforms.types import Method, Permission, Profile, Token

INSTAGRAM_LOGIN = "instagram_login"
FACEBOOK_LOGIN = "facebook_login"


@dataclass(frozen=True)
class Dialect:
    """`settings`: the operator's names for id and secret of the app."""

    key: str
    host: str
    settings: tuple[str, str]
    permissions: tuple[Permission, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(permission.name for permission in self.permissions)

    def scopes_for(self, feature: str) -> tuple[str, ...]:
        return tuple(p.name for p in self.permissions if p.feature == feature)


_WHO = "To show which account you connected, with its name and picture."
_PUBLISH = "To publish the posts that you schedule, at the time you set."
_COMMENTS = "To write the first comment under a post, where you add one to it."

BY_KEY = {
    INSTAGRAM_LOGIN: Dialect(
        INSTAGRAM_LOGIN,
        "https://graph.instagram.com",
        ("INSTAGRAM_CLIENT_ID", "INSTAGRAM_CLIENT_SECRET"),
        (
            Permission(
                "instagram_business_basic",
                _WHO + " Renewing the sign-in needs it too.",
                "connect",
                "Profile",
            ),
            Permission(
                "instagram_business_content_publish", _PUBLISH, "publish", "Publish"
            ),
            Permission(
                "instagram_business_manage_comments", _COMMENTS, "comments", "Comments"
            ),
        ),
    ),
    FACEBOOK_LOGIN: Dialect(
        FACEBOOK_LOGIN,
        "https://graph.facebook.com",
        ("FACEBOOK_CLIENT_ID", "FACEBOOK_CLIENT_SECRET"),
        (
            Permission("instagram_basic", _WHO, "connect", "Profile"),
            Permission(
                "pages_show_list",
                "To list the Pages your Instagram accounts are linked to.",
                "connect",
                "List of Pages",
            ),
            Permission(
                "pages_read_engagement",
                "To read which Instagram account belongs to a Page and your role there.",
                "connect",
                "Pages",
            ),
            Permission("instagram_content_publish", _PUBLISH, "publish", "Publish"),
            Permission("instagram_manage_comments", _COMMENTS, "comments", "Comments"),
        ),
    ),
}

METHODS = (
    Method(
        INSTAGRAM_LOGIN,
        "Instagram",
        "redirect",
        credentials=BY_KEY[INSTAGRAM_LOGIN].settings,
        help="Sign in with Instagram. Needs no Facebook Page.",
    ),
    Method(
        FACEBOOK_LOGIN,
        "Instagram through Facebook",
        "redirect",
        credentials=BY_KEY[FACEBOOK_LOGIN].settings,
        help="Sign in with Facebook; for accounts that are linked to a Facebook Page.",
    ),
)


def dialect_of(token: Token, profile: Profile) -> Dialect:
    """By the token first: a profile may be reconnected the other way."""
    login = token.extra.get("login") or profile.data.get("login")
    return BY_KEY.get(str(login), BY_KEY[INSTAGRAM_LOGIN])
