"""What is asked for at LinkedIn, and why: by one of two apps.

https://learn.microsoft.com/en-us/linkedin/shared/authentication/authentication and
…/marketing/community-management (2026-11-21). The product for Pages must be the only
one of its app, so profiles alone and Pages need two apps and speak two dialects.
"""

from __future__ import annotations

from dataclasses import dataclass

from platforms.types import Method, Permission

PAGES, MEMBER = "pages", "member"

LIST_PAGES = "r_organization_admin"
MEMBER_POSTS, PAGE_POSTS = "w_member_social", "w_organization_social"
READ_PAGE = "r_organization_social"

_AS_MEMBER = Permission(
    MEMBER_POSTS,
    "To publish the posts that you schedule as yourself, at the time you set.",
    "publish",
    "Publish as yourself",
)


@dataclass(frozen=True)
class Dialect:
    """An app, and what it may ask for. `settings`: its id and secret."""

    key: str
    settings: tuple[str, str]
    permissions: tuple[Permission, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(permission.name for permission in self.permissions)


DIALECTS = (
    Dialect(
        PAGES,
        ("LINKEDIN_PAGES_CLIENT_ID", "LINKEDIN_PAGES_CLIENT_SECRET"),
        (
            Permission(
                "r_basicprofile",
                "To show which member signed in.",
                "connect",
                "Your name",
            ),
            Permission(
                LIST_PAGES,
                "To list the Pages you administer and your role on each, so that you "
                "can choose among them.",
                "connect",
                "List of Pages",
            ),
            _AS_MEMBER,
            Permission(
                PAGE_POSTS,
                "To publish the posts that you schedule on your Pages.",
                "publish",
                "Publish on Pages",
            ),
            Permission(
                READ_PAGE,
                "To see whether a post on a Page went out when LinkedIn's answer got "
                "lost.",
                "publish",
                "Read posts of Pages",
            ),
        ),
    ),
    Dialect(
        MEMBER,
        ("LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET"),
        (
            Permission(
                "openid",
                "To recognise you the next time you sign in.",
                "connect",
                "Who you are",
            ),
            Permission(
                "profile",
                "To show which member you connected, with name and picture.",
                "connect",
                "Name and picture",
            ),
            _AS_MEMBER,
        ),
    ),
)
BY_KEY = {dialect.key: dialect for dialect in DIALECTS}

METHODS = (
    Method(
        PAGES,
        "Profile and Pages",
        "redirect",
        credentials=BY_KEY[PAGES].settings,
        help="Your own profile and the Pages you administer.",
    ),
    Method(
        MEMBER,
        "Profile only",
        "redirect",
        credentials=BY_KEY[MEMBER].settings,
        help="Your own profile. Sign in again every 60 days.",
    ),
)
