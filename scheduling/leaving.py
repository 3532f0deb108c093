"""Posts that still need a profile, and what can be done with them (R-D7). Reads only."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count
from django.urls import reverse

from profiles.hooks import Blocker, Needs, Way
from profiles.models import SocialProfile
from scheduling import checks
from scheduling.models import Target, TargetQuerySet
from scheduling.queries import excerpt, profiles_of
from scheduling.states import IN_FLIGHT, ON_HOLD, TargetState

SHOWN = 20
WAITING = IN_FLIGHT | ON_HOLD | {TargetState.SCHEDULED, TargetState.REMINDER}
DELETE, DRAFT, HAND_OVER = "delete", "draft", "move"


def needs(profile: SocialProfile) -> Needs:
    """Four queries at the most, however many posts there are."""
    states = count_states(profile)
    if not states:
        return Needs()
    return Needs(
        count=states.total(),
        shown=_shown(profile),
        ways=_ways(profile),
        wait=why_wait(states),
    )


def waiting(profile: SocialProfile) -> TargetQuerySet:
    return Target.objects.filter(
        profile=profile, post__deleted_at=None, state__in=WAITING
    )


def count_states(profile: SocialProfile) -> Counter[str]:
    rows = waiting(profile).order_by().values("state").annotate(n=Count("pk"))
    return Counter(dict(rows.values_list("state", "n")))


def why_wait(states: Counter[str]) -> str:
    """A worker or the platform has some of them in hand; "" when none."""
    unknown = states[TargetState.UNCONFIRMED]
    if unknown:
        noun = "1 post is" if unknown == 1 else f"{unknown} posts are"
        return f"It isn't known yet whether {noun} out. Settle that first."
    flying = sum(states[state] for state in IN_FLIGHT)
    if flying:
        noun = "1 post is" if flying == 1 else f"{flying} posts are"
        return f"{noun} being published right now. Wait a moment, then try again."
    return ""


def heirs(profile: SocialProfile) -> list[SocialProfile]:
    """Other profiles of its platform in its group that can publish now."""
    return [
        other
        for other in profiles_of(profile.group)
        if other.platform == profile.platform
        and other.pk != profile.pk
        and not checks.connection_trouble(other)
    ]


def _ways(profile: SocialProfile) -> list[Way]:
    found = [
        Way(DELETE, "Delete them", "They are never sent."),
        Way(
            DRAFT,
            "Turn them into drafts",
            "They keep their text and files, and wait for another profile and time.",
        ),
    ]
    others = [(str(each.pk), _named(each)) for each in heirs(profile)]
    if others:
        words = "Each goes out there at its own time. What is on hold stays on hold."
        found.append(Way(HAND_OVER, "Move them to another profile", words, others))
    return found


def _named(profile: SocialProfile) -> str:
    return f"{profile.label} ({profile.social_set})"


def _shown(profile: SocialProfile) -> list[Blocker]:
    rows = waiting(profile).select_related("post").order_by("due_at", "pk")
    return [
        Blocker(
            text=excerpt(target.own_text) or "A post without text",
            url=reverse(
                "scheduling:post",
                kwargs={"group_id": target.post.group_id, "pk": target.post_id},
            ),
            at=target.due_at,
        )
        for target in rows[:SHOWN]
    ]
