"""Meta's error numbers, from the fact sheet's table; the wording is ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GraphFault:
    """One row: code, subcode (0 = none), text and whether it may pass by itself."""

    code: int
    subcode: int
    message: str
    transient: bool = False
    title: str = ""


UNKNOWN = GraphFault(1, 0, "An unknown error occurred", True)
TEMPORARY = GraphFault(2, 0, "Service temporarily unavailable", True)
APP_LIMIT = GraphFault(4, 0, "Application request limit reached", True)
ACCOUNT_LIMIT = GraphFault(
    80002, 0, "There have been too many calls to this Instagram account", True
)
NO_PERMISSION = GraphFault(
    10, 0, "(#10) The application does not have permission for this action"
)
NO_ROLE = GraphFault(200, 0, "(#200) The person lacks a role on the Page")
BAD_PARAMETER = GraphFault(100, 0, "(#100) Invalid parameter")
UNKNOWN_OBJECT = GraphFault(
    100, 33, "Unsupported request: the object is unknown or cannot be seen"
)
BAD_TOKEN = GraphFault(190, 0, "Invalid OAuth access token")
TOKEN_EXPIRED = GraphFault(190, 463, "The access token has expired")
PASSWORD_CHANGED = GraphFault(190, 460, "The person changed the password")
APP_REMOVED = GraphFault(190, 458, "The person removed the application")
NO_PAGE_ROLE = GraphFault(190, 492, "The person has no role on the Page any more")

MEDIA_UNREADABLE = GraphFault(
    9004, 2207052, "The media could not be fetched from this address"
)
NOT_READY = GraphFault(9007, 2207027, "The media is not ready to be published")
MEDIA_NOT_FOUND = GraphFault(24, 2207006, "The requested media was not found")
CREATION_UNKNOWN = GraphFault(24, 2207008, "The creation id is unknown or expired")
CREATION_EXPIRED = GraphFault(-2, 2207020, "The media container has expired")
QUOTA_USED = GraphFault(9, 2207042, "The publishing quota of this account is used up")
SPAM = GraphFault(4, 2207051, "Application request limit reached")
RESTRICTED = GraphFault(25, 2207050, "The Instagram account is restricted")
BAD_MEDIA_TYPE = GraphFault(100, 2207023, "The media type is unknown")
BAD_CAROUSEL = GraphFault(100, 2207028, "A carousel takes 2 to 10 items")
TOO_MANY_TAGS = GraphFault(100, 2207040, "More than 20 tags or mentions")
CAPTION_TOO_LONG = GraphFault(36004, 2207010, "The caption is too long")
IMAGE_TOO_LARGE = GraphFault(36000, 2207004, "The image is larger than 8 MiB")
IMAGE_FORMAT = GraphFault(36001, 2207005, "The image format is not supported")
IMAGE_RATIO = GraphFault(36003, 2207009, "The aspect ratio is not supported")
COMMENT_FIELDS = GraphFault(20, 1772107, "The comment cannot be read back")
CANNOT_DELETE = GraphFault(-1, 2207073, "Media of this kind cannot be deleted")

# Numbers a container's status text carries when processing fails.
VIDEO_FORMAT = "2207026"
VIDEO_UNKNOWN = "2207053"
VIDEO_UNREADABLE = "2207085"
THUMB_OFFSET = "2207057"
ITEM_FAILED = "2207032"
