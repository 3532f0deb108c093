"""States in the person's words: what it is called, how it looks, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from profiles.states import ConnectionState as S

Act = Literal["connect", "enable", "refresh", "review", ""]


@dataclass(frozen=True)
class Look:
    """`tone` and `icon` of the badge; `act` is the one next action, with its label.

    `help` says what the state means and what to do (R-C12).
    """

    word: str
    tone: str
    icon: str
    act: Act = ""
    label: str = ""
    help: str = ""


LOOKS: dict[str, Look] = {
    S.CONNECTED: Look(
        "Connected",
        "good",
        "check-circle-fill",
        help="Posts go out by themselves at their time.",
    ),
    S.EXPIRING: Look(
        "Expiring soon",
        "attention",
        "clock-history",
        "refresh",
        "Refresh",
        help="Posts still go out. Sign in once more before the day it runs out.",
    ),
    S.REFRESH_NEEDED: Look(
        "Refresh needed",
        "bad",
        "arrow-clockwise",
        "refresh",
        "Refresh",
        help="Scheduled posts wait, none is lost; then they can go out.",
    ),
    S.PERMISSIONS_MISSING: Look(
        "Permissions missing",
        "attention",
        "shield-exclamation",
        "review",
        "Review permissions",
        help="Scheduled posts wait, none is lost. Leave every permission switched on "
        "this time.",
    ),
    S.ENABLE_NEEDED: Look(
        "Enable needed",
        "attention",
        "lightning-charge",
        "enable",
        "Enable",
        help="The profile is connected. Turn Auto Publish on to let posts go out.",
    ),
    S.DISCONNECTED: Look(
        "Disconnected",
        "neutral",
        "plug",
        "connect",
        "Connect",
        help="Nothing goes out.",
    ),
}

# Permissions missing, and none of those that publishing needs.
PARTLY = (
    "Posts still go out. Sign in again and leave every permission switched on to get "
    "the rest back."
)
# Permissions missing, where a bot was given too few rights.
IN_CHAT = "Give it the missing rights in {name}; this page notices by itself."

# Where no post could go out anyway, so that none waits.
WITHOUT_POSTS: dict[str, str] = {
    S.EXPIRING: "Sign in once more before the day it runs out.",
    S.REFRESH_NEEDED: "It keeps its place here; nothing is read from it meanwhile.",
    S.PERMISSIONS_MISSING: "Leave every permission switched on this time.",
    S.ENABLE_NEEDED: "Turn Auto Publish on, and the profile is ready.",
}
# Beside the state, for as long as an adapter can't publish.
CONNECT_ONLY = (
    "Connect only: Later doesn't publish to {name} yet, so nothing can be scheduled "
    "for it."
)

EMPTY = Look("Empty", "neutral", "plus-lg", "connect", "Connect")

# Broken first: what needs a person stands on top (then what is fine, then the empty).
URGENCY: dict[str, int] = {
    S.REFRESH_NEEDED: 0,
    S.DISCONNECTED: 1,
    S.PERMISSIONS_MISSING: 2,
    S.ENABLE_NEEDED: 3,
    S.EXPIRING: 4,
    S.CONNECTED: 5,
}
LAST = 9
NEEDS_PERSON = tuple(
    state for state, rank in URGENCY.items() if rank < URGENCY[S.CONNECTED]
)
