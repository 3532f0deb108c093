"""Where a profile can move, and what that touches (R-B5). Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import AccessGroup, Membership, User
from accounts.rights import Right, roles_with
from profiles import hooks
from profiles.models import SocialProfile, SocialSet

# Names that fit a sentence.
NAMED = 3


@dataclass(frozen=True)
class Outlook:
    """`lines`: what is touched, in sentences. `across`: it leaves its group."""

    lines: Sequence[str]
    across: bool
    wait: str = ""


def places(profile: SocialProfile, user: User) -> list[SocialSet]:
    """One query: every other Social Set of the account in which this person acts.

    Each has `taken` when its slot for the platform is filled already.
    """
    same = SocialProfile.objects.active().filter(platform=profile.platform)
    rows = SocialSet.objects.filter(
        group__account=profile.account_id,
        group__memberships__user=user,
        group__memberships__role__in=roles_with(Right.CONNECT),
    )
    rows = rows.annotate(taken=Exists(same.filter(social_set=OuterRef("pk"))))
    rows = rows.exclude(pk=profile.social_set_id).select_related("group")
    found = list(rows.order_by("group__name", "group_id", "created_at", "id"))
    return sorted(found, key=lambda place: place.group_id != profile.group_id)


def outlook(profile: SocialProfile, to: SocialSet) -> Outlook:
    if to.group_id == profile.group_id:
        line = "Its posts stay as they are: the group, its people and library too."
        return Outlook([line], across=False)
    seen = [_unseen(profile, to.group), *hooks.effects(profile, to.group)]
    lines = [line for line in seen if line]
    return Outlook(lines, across=True, wait=hooks.needs(profile).wait)


def _unseen(profile: SocialProfile, to: AccessGroup) -> str:
    """Who loses sight of it: in the old group and not in the new one."""
    here = Membership.objects.filter(group=profile.group_id)
    there = Membership.objects.filter(group=to)
    rows = here.exclude(user__in=there.values("user")).select_related("user")
    names = [str(row.user) for row in rows.order_by("created_at", "id")]
    if not names:
        return ""
    verb = "loses" if len(names) == 1 else "lose"
    return f"{_listed(names)} {verb} sight of {profile.label} and its posts at once."


def _listed(names: list[str]) -> str:
    told = names[:NAMED]
    if more := len(names) - len(told):
        told.append(f"{more} other{'' if more == 1 else 's'}")
    if len(told) == 1:
        return told[0]
    return f"{', '.join(told[:-1])} and {told[-1]}"
