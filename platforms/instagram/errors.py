"""Instagram's own refusals, by subcode; those of the Graph API are in platforms.meta.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
(2026-11-21). The subcodes are Instagram's alone, so the code before them is not asked.
"""

from __future__ import annotations

import re

from platforms.faults import HOUR_S, Fault
from platforms.meta.errors import Table

NAME = "Instagram"

NOT_READY = 2207027
UNREADABLE_ADDRESS = 2207052
# Deleted, or hidden from the token that asks.
UNKNOWN_POST = (100, 33)
# The container itself is unknown to Instagram, or has died of age.
LOST = (2207006, 2207008, 2207020)

_SERVER = "Instagram has trouble of its own right now."
_VIDEO = (
    "Instagram couldn't process this video. Export it again as MP4 (H.264, AAC) and "
    "replace it."
)
_SHOP = "This account can't tag products through us."

ROWS: Table = {
    (0, 2207001): Fault("outage", _SERVER, unsure=True),
    (0, 2207003): Fault("again", "Instagram took too long to fetch the file."),
    (0, 2207004): Fault(
        "rejected", "Instagram takes photos up to 8 MB; this one is larger.", "media"
    ),
    (0, 2207005): Fault("rejected", "Instagram takes photos as JPEG only.", "media"),
    (0, LOST[0]): Fault("again", "Instagram lost track of this upload."),
    (0, LOST[1]): Fault("again", "Instagram lost track of this upload.", unsure=True),
    (0, 2207009): Fault(
        "rejected", "This photo is too tall or too wide for Instagram.", "media"
    ),
    (0, 2207010): Fault("rejected", "The caption is too long for Instagram.", "text"),
    (0, LOST[2]): Fault("again", "The upload to Instagram has expired."),
    (0, 2207023): Fault(
        "rejected", "Instagram doesn't take this kind of post.", "kind"
    ),
    (0, 2207026): Fault("rejected", _VIDEO, "media"),
    (0, NOT_READY): Fault("again", "Instagram is still processing the file."),
    (0, 2207028): Fault(
        "rejected", "An Instagram carousel takes 2 to 10 files.", "media"
    ),
    (0, 2207032): Fault("again", "Instagram couldn't start this post."),
    (0, 2207035): Fault("rejected", _SHOP, "text"),
    (0, 2207036): Fault("rejected", _SHOP, "text"),
    (0, 2207037): Fault("rejected", _SHOP, "text"),
    (0, 2207040): Fault("rejected", "Instagram takes 20 mentions at most.", "text"),
    (0, 2207042): Fault(
        "limited", "Instagram's number of posts in 24 hours is used up."
    ),
    (0, 2207050): Fault(
        "reconnect",
        "Instagram has restricted this account. Open the Instagram app, do what it "
        "asks for, then sign in here again.",
    ),
    # Seen in production with the post live nevertheless.
    (0, 2207051): Fault(
        "limited",
        "Instagram suspects spam and has paused publishing for this account.",
        pause_s=2 * HOUR_S,
        unsure=True,
    ),
    (0, UNREADABLE_ADDRESS): Fault(
        "again", "Instagram couldn't fetch the file from this installation.", "media"
    ),
    (0, 2207053): Fault("again", _VIDEO, "media"),
    (0, 2207057): Fault("rejected", "The cover lies outside the video.", "media"),
    (0, 2207073): Fault("rejected", "Instagram can't delete this kind of post."),
    (0, 2207077): Fault("again", _VIDEO, "media"),
    (0, 2207081): Fault("rejected", "This account can't publish trial reels.", "kind"),
    (0, 2207082): Fault("again", _VIDEO, "media"),
    (0, 2207085): Fault("again", _VIDEO, "media"),
}

_NO_COMMENTS = (
    "{name} doesn't let us comment for this profile. Review its permissions, or write "
    "the comment in the Instagram app."
)
GONE = (
    "Instagram no longer shows us this post, so its comment can't be added. It may have "
    "been deleted."
)

# From the call that writes a comment, where they mean the comment and not the post.
COMMENT_ROWS: Table = {
    **ROWS,
    (3, 0): Fault("permission", _NO_COMMENTS),
    (10, 0): Fault("permission", _NO_COMMENTS),
    # Seen in production with the comment written nevertheless.
    (20, 1772107): Fault("outage", _SERVER, unsure=True),
    (100, 0): Fault(
        "rejected",
        "Instagram didn't take this comment. Comments may be switched off for this "
        "post, or it says something that Instagram doesn't allow.",
        "options",
    ),
    UNKNOWN_POST: Fault("rejected", GONE, "options"),
    (200, 0): Fault("permission", _NO_COMMENTS),
    (506, 0): Fault(
        "rejected", "Instagram says this repeats a comment.", "options", unsure=True
    ),
}

# A container's status is a sentence that ends in the number; there is no other field.
_SUBCODE = re.compile(r"\b2207\d{3}\b")


def subcode_in(status: str) -> int:
    found = _SUBCODE.search(status)
    return int(found.group()) if found else 0


def has_subcode(code: str, *subcodes: int) -> bool:
    """Whether an error's "code/subcode" ends in one of these."""
    return code.rpartition("/")[2] in {str(subcode) for subcode in subcodes}
