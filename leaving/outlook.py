"""What a deletion would take with it, for whoever is about to decide. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Sum

from accounts import hooks
from accounts.actions.transfer import heirs
from accounts.models import AccessGroup, Account, User
from accounts.people import people_of
from billing.models import LIVE, Subscription
from media.models import MediaItem
from profiles.models import SocialProfile
from scheduling.models import Post, Target
from scheduling.states import IN_FLIGHT, ON_HOLD, TargetState

AHEAD = IN_FLIGHT | ON_HOLD | {TargetState.SCHEDULED}


@dataclass(frozen=True)
class AccountOutlook:
    """Of one account, in numbers; `bytes` is the size of its files.

    `people` lose their access, `heirs` are those of them who may take it over; `paid`:
    a subscription ends with it.
    """

    account: Account
    groups: int
    profiles: int
    scheduled: int
    posts: int
    files: int
    bytes: int
    people: list[User]
    heirs: list[User]
    paid: bool


def of_account(account: Account) -> AccountOutlook:
    posts = Post.objects.alive().filter(group__account=account)
    ahead = Target.objects.filter(
        post__group__account=account, post__deleted_at=None, state__in=AHEAD
    )
    files = MediaItem.objects.filter(group__account=account)
    return AccountOutlook(
        account=account,
        groups=account.groups.count(),
        profiles=SocialProfile.objects.active().filter(account=account).count(),
        scheduled=ahead.values("post").distinct().count(),
        posts=posts.count(),
        files=files.count(),
        bytes=files.aggregate(n=Sum("size"))["n"] or 0,
        people=list(people_of(account).exclude(pk=account.owner_id).order_by("name")),
        heirs=heirs(account),
        paid=Subscription.objects.filter(account=account, status__in=LIVE).exists(),
    )


@dataclass(frozen=True)
class PersonOutlook:
    """`owned`: accounts that are theirs; `groups`: of others, where they have a role;
    `planned`: posts in those, which go on in their owners' names."""

    owned: list[AccountOutlook]
    groups: list[AccessGroup]
    planned: int


def of_person(person: User) -> PersonOutlook:
    owned = Account.objects.filter(owner=person).order_by("created_at")
    theirs = AccessGroup.objects.visible_to(person).filter(~Q(account__owner=person))
    return PersonOutlook(
        owned=[of_account(account) for account in owned],
        groups=list(theirs),
        planned=hooks.planned(person) if theirs else 0,
    )
