"""What is on hold, profile by profile, with the ways it can go on (R-D6)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from accounts.models import AccessGroup
from platforms import registry
from profiles.hooks import Panel
from profiles.models import SocialProfile
from scheduling import checks, resuming, times
from scheduling.models import ResumePlan, Target, TargetQuerySet
from scheduling.queries import excerpt
from scheduling.resuming import SPACING_MIN
from scheduling.states import ON_HOLD

SHOWN = 100


@dataclass(frozen=True)
class HeldPost:
    """One line: `when` is what it was meant for."""

    target: Target
    text: str
    when: str
    reason: str
    state: str


@dataclass(frozen=True)
class Way:
    """A plan on offer with what it means here, such as "Sat 21 Nov, 14:30"."""

    plan: str
    label: str
    when: str = ""


@dataclass(frozen=True)
class HeldProfile:
    """`trouble`: why nothing can go out there yet, "" if it can."""

    profile: SocialProfile
    count: int
    trouble: str
    posts: list[HeldPost] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return registry.adapter_class(self.profile.platform).icon

    @property
    def platform(self) -> str:
        return registry.adapter_class(self.profile.platform).name


def of_group(group: AccessGroup) -> list[HeldProfile]:
    """Two queries; the profile with the most waiting posts first."""
    found: dict[UUID, list[Target]] = defaultdict(list)
    for target in _rows(group):
        found[target.profile_id].append(target)
    taken = resuming.busy(found) if found else {}
    cards = [_card(rows, taken.get(pk, [])) for pk, rows in found.items()]
    return sorted(cards, key=lambda card: -card.count)


def of_profile(profile: SocialProfile) -> HeldProfile | None:
    """None when nothing is on hold there."""
    rows = list(_rows(profile.group).filter(profile=profile))
    if not rows:
        return None
    return _card(rows, resuming.busy([profile.pk])[profile.pk])


def panel(profile: SocialProfile) -> Panel | None:
    """On the page after reconnecting: what can go on now."""
    card = of_profile(profile)
    if card is None or card.trouble:
        return None
    return Panel("scheduling/_held_after.html", card)


def _rows(group: AccessGroup) -> TargetQuerySet:
    rows = Target.objects.filter(
        profile__group=group, post__deleted_at=None, state__in=ON_HOLD
    )
    rows = rows.select_related("post__group", "profile__connection")
    return rows.order_by("due_at", "pk")


def _card(rows: list[Target], taken: list[datetime]) -> HeldProfile:
    profile = rows[0].profile
    return HeldProfile(
        profile=profile,
        count=len(rows),
        trouble=checks.connection_trouble(profile),
        posts=[_post(target) for target in rows[:SHOWN]],
        ways=ways(rows, taken),
    )


def _post(target: Target) -> HeldPost:
    zone = target.post.group.timezone
    meant = target.post.scheduled_at or target.due_at
    return HeldPost(
        target=target,
        text=excerpt(target.own_text) or "A post without text",
        when=times.words(meant, zone) if meant else "",
        reason=target.reason,
        state=target.state,
    )


def ways(rows: list[Target], taken: list[datetime]) -> list[Way]:
    """What a person can choose for these posts of one profile, and what it means."""
    zone = rows[0].post.group.timezone
    free = times.words(resuming.next_free(taken, zone), zone)
    tomorrow = times.words(min(map(resuming.hour_tomorrow, rows)), zone)
    if len(rows) == 1:
        return [
            Way(ResumePlan.NOW, "Now"),
            Way(ResumePlan.FREE, "Next free time", free),
            Way(ResumePlan.TOMORROW, "At its hour tomorrow", tomorrow),
            Way(ResumePlan.DROP, "Drop it", "it is never sent"),
        ]
    apart = f"{SPACING_MIN} minutes apart"
    return [
        Way(ResumePlan.NOW, "Now", f"the first at once, then {apart}"),
        Way(ResumePlan.FREE, "Next free times", f"from {free}, 30 minutes apart"),
        Way(
            ResumePlan.TOMORROW,
            "At their hours tomorrow",
            f"from {tomorrow}, at least {apart}",
        ),
        Way(ResumePlan.DROP, "Drop them", "they are never sent"),
    ]
