"""Stops in force and what they reach, in words (R-F10). Reads only."""

from __future__ import annotations

from django.db.models import OuterRef, Q, Subquery

from accounts.models import AccessGroup
from core import clock
from scheduling import times
from scheduling.models import Stop, Target, TargetQuerySet
from scheduling.states import TargetState

# The reason of a target that a stop holds; whoever lifts it lets these go on.
STOPPED = "stopped"
# It was held by a stop that is lifted: now it waits for a person, not for a stop.
STAYED = "stop_lifted"
# A group's page shows the newest so many of those that are over.
HISTORY = 30


def stop_id() -> Subquery:
    """The oldest stop over a target, for an annotation; NULL without one."""
    rows = Stop.objects.in_force().filter(
        Q(profile=None) | Q(profile=OuterRef("profile_id")),
        Q(group=None) | Q(group=OuterRef("post__group_id")),
        account=OuterRef("post__group__account_id"),
    )
    return Subquery(rows.order_by("set_at", "pk").values("pk")[:1])


def stop_over(target: Target) -> Stop | None:
    """The stop that keeps this target back now; one query."""
    post = target.post
    rows = Stop.objects.in_force().over(post.group)
    mine = rows.filter(Q(profile=None) | Q(profile=target.profile_id))
    return mine.select_related("set_by", *REACH).order_by("set_at", "pk").first()


REACH = ("profile", "group", "account")


def within(rows: TargetQuerySet, stop: Stop) -> TargetQuerySet:
    if stop.profile_id:
        return rows.filter(profile=stop.profile_id, post__group=stop.group_id)
    if stop.group_id:
        return rows.filter(post__group=stop.group_id)
    return rows.filter(post__group__account=stop.account_id)


def held_anywhere() -> TargetQuerySet:
    return Target.objects.filter(
        state=TargetState.HELD, reason_code=STOPPED, post__deleted_at=None
    )


def freed(rows: TargetQuerySet) -> TargetQuerySet:
    """Those that no stop keeps back any more."""
    return rows.annotate(stop_id=stop_id()).filter(stop_id=None)


def of_group(group: AccessGroup) -> tuple[list[Stop], list[Stop]]:
    """In force, then those that are over, newest first."""
    rows = Stop.objects.over(group).select_related("set_by", "lifted_by", *REACH)
    over = rows.filter(lifted_at__isnull=False)[:HISTORY]
    return list(rows.open()), list(over)


def in_force(group: AccessGroup) -> list[Stop]:
    rows = Stop.objects.in_force().over(group)
    return list(rows.select_related("set_by", *REACH).order_by("set_at", "pk"))


def reach_words(stop: Stop) -> str:
    """What it stops, such as "@lena", "Alice Studio", "all of Alice Studio's groups"."""
    if stop.profile:
        return stop.profile.label
    if stop.group:
        return stop.group.name
    return f"all groups of {stop.account.name}"


def who(stop: Stop) -> str:
    return str(stop.set_by) if stop.set_by else "Somebody who left"


def why(stop: Stop) -> str:
    return f"{who(stop)} stopped publishing for {reach_words(stop)}: “{stop.reason}”"


def why_held(stop: Stop) -> str:
    """The reason that a held post shows."""
    return f"{why(stop)} It waits until the stop is lifted."


def why_not_now(stop: Stop) -> str:
    return f"{why(stop)} Choose a time instead, or lift the stop first."


def until_words(stop: Stop, zone: str) -> str:
    if stop.until is None:
        return "until somebody lifts it"
    if stop.until <= clock.now():
        return "and is ending now"
    return f"until {times.words(stop.until, zone)}"
