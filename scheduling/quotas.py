"""How many posts a platform takes from one profile in some hours, told beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from platforms.adapter import Adapter
from platforms.limits import Quota
from profiles.models import SocialProfile
from scheduling import times
from scheduling.models import Target
from scheduling.states import TargetState as S

# What counts, or will when its time comes.
COUNTED = (S.SCHEDULED, S.CLAIMED, S.SENDING, S.PROCESSING, S.UNCONFIRMED, S.PUBLISHED)


def trouble(
    profile: SocialProfile, adapter: Adapter, at: datetime, *, but: UUID | None = None
) -> str:
    """Why one more post at that time is one too many, in a sentence; "" if it isn't.

    `but`: a target that is counted already.
    """
    quota = adapter.quota(profile.for_platform())
    if quota is None:
        return ""
    others = _around(profile, at, quota, but)
    crowd = _fullest(others, at, timedelta(hours=quota.hours))
    if len(crowd) < quota.posts:
        return ""
    free = crowd[len(crowd) - quota.posts] + timedelta(hours=quota.hours)
    return (
        f"{adapter.name} takes {quota.posts} posts in {_hours(quota.hours)} from "
        f"{profile.label}, and so many are planned around this time. The next would "
        f"fit from {times.words(free, profile.group.timezone)}."
    )


def crowded(
    profile: SocialProfile, adapter: Adapter, targets: Sequence[Target]
) -> list[Target]:
    """Of its targets, counted already, those that are one too many; one statement."""
    quota = adapter.quota(profile.for_platform())
    times_due = [target.due_at for target in targets if target.due_at]
    if quota is None or not times_due:
        return []
    window = timedelta(hours=quota.hours)
    rows = _counted(profile).filter(
        moment__gt=min(times_due) - window, moment__lt=max(times_due) + window
    )
    full = _overfull(_moments(rows), quota.posts, window)
    return [target for target in targets if target.due_at in full]


def _overfull(moments: list[datetime], most: int, window: timedelta) -> set[datetime]:
    """Those of which more than `most` share a window."""
    runs = (moments[i : i + most + 1] for i in range(len(moments) - most))
    return {each for run in runs if run[-1] - run[0] < window for each in run}


def _counted(profile: SocialProfile) -> QuerySet[Any]:
    rows = Target.objects.filter(profile=profile, state__in=COUNTED)
    return rows.annotate(moment=Coalesce("published_at", "due_at"))


def _moments(rows: QuerySet[Any]) -> list[datetime]:
    return list(rows.order_by("moment").values_list("moment", flat=True))


def _around(
    profile: SocialProfile, at: datetime, quota: Quota, but: UUID | None
) -> list[datetime]:
    window = timedelta(hours=quota.hours)
    rows = _counted(profile)
    rows = rows.filter(moment__gt=at - window, moment__lt=at + window)
    return _moments(rows if but is None else rows.exclude(pk=but))


def _fullest(
    moments: list[datetime], at: datetime, window: timedelta
) -> list[datetime]:
    """The most of them that share one window with `at`."""
    starts = [moment for moment in moments if moment <= at] + [at]
    crowds = [
        [moment for moment in moments if start <= moment < start + window]
        for start in starts
    ]
    return max(crowds, key=len)


def _hours(hours: int) -> str:
    return "an hour" if hours == 1 else f"{hours} hours"
