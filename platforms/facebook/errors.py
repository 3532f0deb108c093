"""Facebook's own refusals, by subcode; those of the Graph API are in platforms.meta.

https://developers.facebook.com/docs/graph-api/guides/error-handling and what open
source publishers met in production (2026-11-21). A subcode is asked for alone, since
the code before it is not recorded.
"""

from __future__ import annotations

from platforms.faults import HOUR_S, Fault
from platforms.meta.errors import Table

NAME = "Facebook"

_ACT = (
    "Facebook wants something from the owner of this Page first. Open Facebook, do "
    "what it asks for, then sign in here again."
)
_STANDARDS = "Facebook says this goes against its community standards."
_UNREADABLE = "Facebook couldn't read this file or its address."

ROWS: Table = {
    (1609005, 0): Fault("again", "Facebook couldn't read the link.", "text"),
    (9004, 0): Fault("again", "Facebook couldn't fetch the file from this server."),
    (0, 1346003): Fault("rejected", _STANDARDS, "text"),
    (0, 1349125): Fault("rejected", _UNREADABLE, "media"),
    (0, 1363040): Fault(
        "rejected", "Facebook doesn't take reels of this shape.", "media"
    ),
    (0, 1363047): Fault(
        "again", "Facebook has trouble of its own right now.", unsure=True
    ),
    (0, 1363127): Fault(
        "rejected", "The resolution of this video is too low for a reel.", "media"
    ),
    (0, 1363128): Fault(
        "rejected", "This video is too short or too long for a reel.", "media"
    ),
    (0, 1363129): Fault(
        "rejected", "Facebook doesn't take reels with this frame rate.", "media"
    ),
    (0, 1366046): Fault(
        "rejected", "This photo is too large for Facebook, or of a wrong type.", "media"
    ),
    (0, 1366051): Fault(
        "rejected", "Facebook says these photos were posted already.", unsure=True
    ),
    (0, 1390008): Fault(
        "limited", "Facebook says this Page posts too fast.", pause_s=HOUR_S
    ),
    (0, 1404006): Fault("reconnect", _ACT),
    (0, 1404078): Fault("reconnect", _ACT),
    (0, 1404102): Fault("rejected", _STANDARDS, "text"),
    (0, 1404112): Fault("reconnect", _ACT),
    (0, 1609008): Fault(
        "rejected", "Facebook takes no posts that link to Facebook itself.", "text"
    ),
    (0, 1609010): Fault(
        "again", "Facebook has trouble of its own right now.", unsure=True
    ),
    (0, 2061006): Fault("rejected", _UNREADABLE, "media"),
    (0, 2069019): Fault("rejected", _UNREADABLE, "media"),
    (0, 2207052): Fault("again", "Facebook couldn't fetch the file from this server."),
    (0, 4854002): Fault("reconnect", _ACT),
}
