"""How many posts a platform takes from one profile in some hours, told beforehand."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

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


def _around(
    profile: SocialProfile, at: datetime, quota: Quota, but: UUID | None
) -> list[datetime]:
    window = timedelta(hours=quota.hours)
    rows = (
        Target.objects.filter(profile=profile, state__in=COUNTED)
        .annotate(moment=Coalesce("published_at", "due_at"))
        .filter(moment__gt=at - window, moment__lt=at + window)
    )
    if but is not None:
        rows = rows.exclude(pk=but)
    return list(rows.order_by("moment").values_list("moment", flat=True))


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
