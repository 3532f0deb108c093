"""What is asked for at Facebook, and why.

https://developers.facebook.com/docs/permissions (2026-11-21).
"""

from __future__ import annotations

from platforms.types import Method, Permission

LOGIN = "facebook_login"
SETTINGS = ("FACEBOOK_CLIENT_ID", "FACEBOOK_CLIENT_SECRET")

METHODS = (
    Method(
        LOGIN,
        "Facebook",
        "redirect",
        credentials=SETTINGS,
        help="Sign in with Facebook and choose your Pages.",
    ),
)

PERMISSIONS = (
    Permission(
        "pages_show_list",
        "To list the Pages you manage, so that you can choose among them.",
        "connect",
        "List of Pages",
    ),
    Permission(
        "pages_read_engagement",
        "To show the Page you connected and your role on it. Publishing needs it too.",
        "connect",
        "Pages",
    ),
    Permission(
        "pages_manage_posts",
        "To publish the posts that you schedule on the Page, at the time you set.",
        "publish",
        "Publish",
    ),
)
SCOPES = tuple(permission.name for permission in PERMISSIONS)
PUBLISH = "pages_manage_posts"
