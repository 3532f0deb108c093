"""What moving a profile to another Access Group touches (R-B5). Reads only."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Exists, OuterRef

from accounts.models import AccessGroup
from media.models import MediaItem
from profiles.models import SocialProfile
from scheduling import stops
from scheduling.models import Target, TargetQuerySet
from scheduling.queries import TAKEN_OFF
from scheduling.states import ON_HOLD, TargetState


def carried(profile: SocialProfile) -> TargetQuerySet:
    """All that goes along: every post of its group that is on it."""
    rows = Target.objects.filter(
        profile=profile, post__group=profile.group_id, post__deleted_at=None
    )
    return rows.exclude(TAKEN_OFF)


def left(profile: SocialProfile, group: AccessGroup) -> int:
    """Posts on the profile that aren't in this group: none, once it is there."""
    rows = Target.objects.filter(profile=profile, post__deleted_at=None)
    return rows.exclude(TAKEN_OFF).exclude(post__group=group).count()


def effects(profile: SocialProfile, to: AccessGroup) -> list[str]:
    """In sentences, the weightiest first."""
    rows = carried(profile).order_by()
    counted = rows.values("state").annotate(n=Count("pk"))
    states = Counter(dict(counted.values_list("state", "n")))
    found = [_going(states), _parted(rows)]
    found += [_on_hold(states), _files(rows, to), _zone(profile, to, states)]
    found.append(_stopped(to, states))
    return [line for line in found if line]


def _going(states: Counter[str]) -> str:
    kinds = (
        (TargetState.SCHEDULED, "scheduled post"),
        (TargetState.DRAFT, "draft"),
        (TargetState.PUBLISHED, "published post"),
    )
    parts = [_many(states[state], noun) for state, noun in kinds if states[state]]
    if not parts:
        return ""
    return f"Posts go along with their history: {', '.join(parts)}."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _parted(rows: TargetQuerySet) -> str:
    others = Target.objects.filter(post=OuterRef("post_id"))
    others = others.exclude(pk=OuterRef("pk")).exclude(TAKEN_OFF)
    count = rows.filter(Exists(others)).count()
    if not count:
        return ""
    which = "1 post is" if count == 1 else f"{count} posts are"
    return (
        f"{which} on other profiles here, too, and will be split: this profile's share "
        "goes along, the others stay as they are."
    )


def _on_hold(states: Counter[str]) -> str:
    count = sum(states[state] for state in ON_HOLD)
    if not count:
        return ""
    stay = "post stays" if count == 1 else "posts stay"
    return f"{count} {stay} on hold: choose in the new group when to go on."


def _files(rows: TargetQuerySet, to: AccessGroup) -> str:
    used = MediaItem.objects.filter(posts__in=rows.values("post_id")).distinct()
    count = used.count()
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    return (
        f"{_many(count, 'file')} of these posts {verb} copied to the library of "
        f"{to.name}. The originals stay in this one."
    )


def _zone(profile: SocialProfile, to: AccessGroup, states: Counter[str]) -> str:
    if to.timezone == profile.group.timezone or not states[TargetState.SCHEDULED]:
        return ""
    return f"Posts go out at the same moment, shown there in {to.timezone}."


def _stopped(to: AccessGroup, states: Counter[str]) -> str:
    whole = [stop for stop in stops.in_force(to) if stop.profile_id is None]
    if not whole or not states[TargetState.SCHEDULED]:
        return ""
    return f"Publishing is stopped in {to.name}: what falls due is held there."
