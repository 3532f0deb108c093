"""What is asked for at Google, and why.

https://developers.google.com/my-business/content/implement-oauth (2026-11-21). One
scope opens everything. Google shows a tick box for it as soon as a scope of signing in
is asked for as well.
"""

from __future__ import annotations

from platforms.types import Method, Permission

LOGIN = "google_login"
SETTINGS = ("GOOGLE_BUSINESS_CLIENT_ID", "GOOGLE_BUSINESS_CLIENT_SECRET")

MANAGE, OPENID = "https://www.googleapis.com/auth/business.manage", "openid"

METHODS = (
    Method(
        LOGIN,
        "Google",
        "redirect",
        credentials=SETTINGS,
        help="Sign in with Google and choose your locations.",
    ),
)

PERMISSIONS = (
    Permission(
        MANAGE,
        "To list your locations, so that you can choose among them, and to publish the "
        "posts that you schedule on them. Google has one permission for both.",
        "publish",
        "Manage your Business Profiles",
    ),
    Permission(
        OPENID,
        "To know which locations came by one Google account, so that disconnecting one "
        "leaves the others connected.",
        "connect",
        "Which Google account",
    ),
)
SCOPES = tuple(permission.name for permission in PERMISSIONS)
