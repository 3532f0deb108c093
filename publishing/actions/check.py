"""The check at the time itself (R-F1, R-F2): may this post go out, now, as it is?"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.rights import Right, roles_with
from core import clock
from platforms import registry
from platforms.checks import kind_unknown
from profiles.models import Connection, SocialProfile
from profiles.rights import may_publish
from profiles.states import ConnectionState
from profiles.words import CONNECT_ONLY
from scheduling import coverage, following, lateness, stops
from scheduling.models import Target
from scheduling.states import TargetState


@dataclass(frozen=True)
class Refusal:
    """Where the target goes instead, and the words for its people."""

    state: TargetState
    code: str
    message: str


def refusal(target: Target) -> Refusal | None:
    """None when nothing speaks against sending; reads only."""
    return (
        _stopped(target)
        or _too_late(target)
        or reminder(target)
        or standing(target)
        or _kind(target)
        or _following(target)
    )


def reminder(target: Target) -> Refusal | None:
    """A person posts it: as was chosen, or since the plan doesn't cover it any more.

    No connection is needed for that; somebody who answers for it is (R-F2).
    """
    chosen, why = coverage.by_hand(target), coverage.trouble(target)
    if not (chosen or why):
        return None
    code = coverage.CODE if why else "reminder"
    words = f"{why} It's time to post it by hand.".strip()
    return author(target) or Refusal(TargetState.REMINDER, code, words)


def standing(target: Target) -> Refusal | None:
    """What speaks against sending at any time: the connection, the author's rights."""
    return _profile(target.profile) or author(target)


def _stopped(target: Target) -> Refusal | None:
    """First of all: what a stop holds is neither late nor anything else meanwhile."""
    # Read by `load` in the same breath as the target.
    if getattr(target, "stop_id", None) is None:
        return None
    stop = stops.stop_over(target)
    if stop is None:
        return None
    return Refusal(TargetState.HELD, stops.STOPPED, stops.why_held(stop))


def _too_late(target: Target) -> Refusal | None:
    assert target.due_at is not None
    now = clock.now()
    rule = lateness.too_late(target, now)
    if rule is None or (coverage.by_hand(target) and not rule.drops):
        # A late reminder asks the person anyway.
        return None
    late = lateness.lapse(now - target.due_at)
    words = f"Its time passed {late} ago while publishing wasn't possible."
    if rule.drops:
        dropped = f"{words} It was dropped, as was chosen for this post."
        return Refusal(TargetState.CANCELLED, "dropped", dropped)
    ask = f"{words} It wasn't sent: publish it now or choose another time."
    return Refusal(TargetState.MISSED, "too_late", ask)


def _profile(profile: SocialProfile) -> Refusal | None:
    name = registry.adapter_class(profile.platform).name
    if profile.removed_at is not None:
        return Refusal(
            TargetState.HELD,
            "profile_removed",
            f"{profile.label} was disconnected from {name}.",
        )
    if not registry.adapter_class(profile.platform).publishes:
        words = CONNECT_ONLY.format(name=name)
        return Refusal(TargetState.HELD, "connect_only", words)
    # Loaded with the target a moment ago; absent for a profile never connected.
    connection: Connection | None = getattr(profile, "connection", None)
    return _connection(connection, f"{profile.label} on {name}")


def _kind(target: Target) -> Refusal | None:
    """One that the platform no longer has is nobody's to guess at."""
    adapter = registry.get(target.profile.platform)
    if target.parts_out or adapter.kind(target.kind) is not None:
        return None
    gone = kind_unknown(adapter.name)
    return Refusal(TargetState.FAILED, gone.code, gone.message)


def _following(target: Target) -> Refusal | None:
    """Only of the part that would go out now: it is no reason to keep the post back."""
    if not target.parts_out:
        return None
    words = following.trouble(target.profile)
    return Refusal(TargetState.HELD, following.CODE, words) if words else None


_WORDS = {
    ConnectionState.REFRESH_NEEDED: "The connection of {who} ran out. Refresh it, "
    "then publish this post.",
    ConnectionState.ENABLE_NEEDED: "Auto Publish isn't enabled for {who} yet.",
    ConnectionState.DISCONNECTED: "{who} isn't connected.",
    ConnectionState.PERMISSIONS_MISSING: "{who} didn't give the permission to publish. "
    "Review the permissions, then publish this post.",
}


def _connection(connection: Connection | None, who: str) -> Refusal | None:
    if connection is None:
        words = _WORDS[ConnectionState.DISCONNECTED]
        return Refusal(TargetState.HELD, "not_connected", words.format(who=who))
    state = ConnectionState(connection.state)
    if may_publish(registry.get(connection.profile.platform), connection):
        return None
    return Refusal(TargetState.HELD, state.value, _WORDS[state].format(who=who))


def author(target: Target) -> Refusal | None:
    author = target.post.author
    # Read by `load` in the same breath as the target.
    role = getattr(target, "author_role", None)
    if author is not None and author.is_active and role in roles_with(Right.SCHEDULE):
        return None
    return Refusal(
        TargetState.HELD,
        "author_may_not",
        "The person who scheduled this may no longer publish in this group. "
        "Someone who may can publish it.",
    )
