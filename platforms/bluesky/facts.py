"""What is declared about Bluesky: composer, connect dialog, docs and tests read it."""

from __future__ import annotations

from platforms.adapter import Facts
from platforms.bluesky import oauth, sessions
from platforms.bluesky.errors import PUBLISH_SCOPE
from platforms.bluesky.limits import MAX_IMAGES
from platforms.types import Input, Method, Permission, PostKind

FACTS = Facts(
    accounts="Every Bluesky account, on any server of its network.",
    role="The account itself: there are no roles and no shared accounts.",
    token_life=(  # noqa: S106
        "Access lasts an hour and is renewed by itself. A sign-in ends after three "
        "months without renewal, on installations without a key after two weeks."
    ),
    quirks=(
        "A text has at most 300 characters as people count them, and 3,000 bytes.",
        "Long links are shown shortened; only what is shown counts.",
        "A link preview shows only when the post has no photo or video.",
        "Animated pictures become still ones: upload motion as video.",
        "Videos need a confirmed e-mail address at Bluesky.",
        "A mention of an unknown handle stays plain text.",
    ),
    cannot=(
        "Change a published post: the apps ignore edits.",
        "Count how often a post was seen.",
        "Mix photos and a video, or a link preview and photos, in one post.",
    ),
)

METHODS = (
    Method(
        oauth.METHOD,
        "Sign in with Bluesky",
        "redirect",
        (
            Input(
                "account",
                "Handle or server",
                "Leave it empty if your account is at bsky.social.",
                placeholder="you.bsky.social",
            ),
        ),
    ),
    Method(
        sessions.METHOD,
        "Use an app password",
        "form",
        (
            Input("handle", "Handle", placeholder="you.bsky.social"),
            Input(
                "app_password",
                "App password",
                "Made in the Bluesky app: Settings, Privacy and security, "
                "App passwords. Never your account's own password.",
                secret=True,
                placeholder="xxxx-xxxx-xxxx-xxxx",
            ),
        ),
        help="For accounts that can't use the sign-in page.",
    ),
)

KINDS = (
    PostKind("text", "Text", needs_text=True),
    PostKind("images", "Photos", 1, MAX_IMAGES, ("image",)),
    PostKind("video", "Video", 1, 1, ("video",)),
)

PERMISSIONS: dict[str, tuple[Permission, ...]] = {
    oauth.METHOD: (
        Permission(
            "atproto",
            "Tells us which account you chose; nothing else can be read with it.",
            "connect",
            "Know your account",
        ),
        Permission(
            PUBLISH_SCOPE,
            "Publishes your scheduled posts with their pictures and videos. Bluesky has "
            "no narrower permission that all its servers know. It excludes your "
            "messages, your e-mail address and your password.",
            "publish",
            "Post for you",
        ),
    ),
    sessions.METHOD: (
        Permission(
            sessions.SCOPE,
            "Publishes your scheduled posts. An app password can't change your account, "
            "and reads messages only if you ticked that when making it.",
            "publish",
            "App password",
        ),
    ),
}
