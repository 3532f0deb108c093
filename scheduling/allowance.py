"""How many posts a plan takes on one profile in a calendar month (R-B2).

Months are those of the group's own zone. What was posted by hand counts like the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import Coalesce

from accounts.entitlements import bound, plan_of
from accounts.models import AccessGroup, Account
from accounts.plans import Resource
from core import clock
from core.errors import DomainError
from profiles.models import SocialProfile
from scheduling.models import Target, TargetQuerySet
from scheduling.states import TargetState as S

# With so many left of a month the composer says it.
FEW = 3
# Drafts have no time that counts; what failed or was dropped isn't out.
_FREE = (S.DRAFT, S.FAILED, S.CANCELLED)


def trouble(profile: SocialProfile, at: datetime, *, but: UUID | None = None) -> str:
    """Why one more post in that month is one too many; "" if it isn't."""
    most = _most(profile.group)
    if most is None or _used([profile.pk], profile.group, at, but) < most:
        return ""
    return _words(profile, at, most)


def note(profile: SocialProfile, at: datetime, *, but: UUID | None = None) -> str:
    """How few are left of that month, in a sentence; "" while there are many."""
    most = _most(profile.group)
    if most is None:
        return ""
    rest = most - _used([profile.pk], profile.group, at, but)
    if not 0 < rest <= FEW:
        return ""
    plan, month = plan_of(profile.group.account).name, _month_name(profile, at)
    noun = "This is the last post" if rest == 1 else f"{rest} posts are left"
    return f"{noun} on {profile.label} for {month} with the {plan} plan."


def left(profile: SocialProfile, at: datetime) -> int | None:
    """How many more that month takes; None without a bound."""
    most = _most(profile.group)
    return None if most is None else most - _used([profile.pk], profile.group, at)


def require(group: AccessGroup, targets: Iterable[Target]) -> None:
    """Raises DomainError when written rows are too many. Expects their profiles locked,
    so that of two who take a month's last place at once the second finds it taken."""
    most = _most(group)
    if most is None:
        return
    for target in targets:
        if target.state in _FREE or target.due_at is None:
            continue
        if _used([target.profile_id], group, target.due_at) > most:
            words = _words(target.profile, target.due_at, most)
            raise DomainError("plan_posts", words, field="wall_at")


def busiest(account: Account) -> int:
    """Posts this month on the profile that has the most."""
    rows = Target.objects.filter(profile__account=account)
    rows = _of_month(rows, clock.now(), "UTC")
    counted = rows.order_by().values("profile").annotate(n=Count("pk"))
    return max(Counter(dict(counted.values_list("profile", "n"))).values(), default=0)


def _most(group: AccessGroup) -> int | None:
    return plan_of(group.account).posts


def _of_month(rows: TargetQuerySet, at: datetime, zone: str) -> TargetQuerySet:
    start, end = _month(at, zone)
    rows = rows.filter(post__deleted_at=None).exclude(state__in=_FREE)
    dated = rows.annotate(moment=Coalesce("published_at", "due_at"))
    return dated.filter(moment__gte=start, moment__lt=end)


def _used(
    profiles: list[UUID], group: AccessGroup, at: datetime, but: UUID | None = None
) -> int:
    rows = Target.objects.filter(profile__in=profiles)
    rows = _of_month(rows, at, group.timezone)
    return (rows.exclude(pk=but) if but else rows).count()


def _month(at: datetime, zone: str) -> tuple[datetime, datetime]:
    wall = clock.to_wall(at, zone)
    first = wall.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(first.year * 12 + first.month, 12)
    following = first.replace(year=year, month=month + 1)
    return clock.to_instant(first, zone)[0], clock.to_instant(following, zone)[0]


def _month_name(profile: SocialProfile, at: datetime) -> str:
    return clock.to_wall(at, profile.group.timezone).strftime("%B")


def _words(profile: SocialProfile, at: datetime, most: int) -> str:
    account = profile.group.account
    month = _month_name(profile, at)
    return (
        f"The {plan_of(account).name} plan takes {bound(Resource.POSTS, most)} a month "
        f"on each profile, and {profile.label} has them all for {month}. Choose a later "
        f"month, delete one, or ask {account.owner} for a larger plan (Settings, Plan)."
    )
