"""Who lives in the demo: Mira Sol, her teammate, two Access Groups."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.actions.groups import create_group, open_account
from accounts.models import AccessGroup, Membership, Role, User
from profiles.actions.sets import create_set
from profiles.models import SocialSet

EMAIL = "demo@later.test"
PASSWORD = "clay-and-coffee"  # noqa: S105
MATE_EMAIL = "jonas@later.test"
ZONE = "Europe/Berlin"


@dataclass(frozen=True)
class Home:
    """One Access Group with its Social Set."""

    group: AccessGroup
    social_set: SocialSet


@dataclass(frozen=True)
class Cast:
    mira: User
    jonas: User
    studio: Home
    cafe: Home


def known() -> bool:
    """Whether the workspace stands; Mira's address is confirmed as the last step."""
    rows = User.objects.filter(email=EMAIL, emailaddress__verified=True)
    return rows.exists()


@transaction.atomic
def move_in() -> Cast:
    mira = User.objects.create_user(EMAIL, PASSWORD, name="Mira Sol")
    jonas = User.objects.create_user(MATE_EMAIL, PASSWORD, name="Jonas Brandt")
    _confirm(jonas)
    group = open_account(owner=mira, name="Mira Sol", timezone=ZONE)
    cafe = create_group(
        account=group.account, actor=mira, name="Quay Coffee", timezone=ZONE
    )
    Membership.objects.create(user=jonas, group=group, role=Role.MEMBER)
    return Cast(mira, jonas, _home(group, mira), _home(cafe, mira))


def _home(group: AccessGroup, mira: User) -> Home:
    return Home(group, create_set(group=group, actor=mira, name=group.name))


def ready(cast: Cast) -> None:
    _confirm(cast.mira)


def _confirm(user: User) -> None:
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
