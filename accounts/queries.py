from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower

from accounts.invitation import Invitation
from accounts.models import AccessGroup, Account, Membership, User
from accounts.people import people_of
from accounts.signin.required import with_second_steps

# More would not be read: the person's own page has them all.
SHOWN = 3


@dataclass(frozen=True)
class PersonRow:
    """`places`: the first groups with the role there; `more`: how many others."""

    person: User
    owner: bool
    places: list[str]
    more: int
    two_step: bool


def people_page(account: Account) -> list[PersonRow]:
    """The owner first, then by name."""
    roles = Membership.objects.filter(group__account=account)
    ordered = roles.select_related("group").order_by(Lower("group__name"))
    people = with_second_steps(people_of(account)).prefetch_related(
        Prefetch("memberships", queryset=ordered, to_attr="places")
    )
    rows = [_row(account, each) for each in people]
    return sorted(rows, key=lambda row: (not row.owner, str(row.person).lower()))


def _row(account: Account, each: User) -> PersonRow:
    held: list[Membership] = each.places  # type: ignore[attr-defined]
    places = [f"{m.group} ({m.get_role_display().lower()})" for m in held[:SHOWN]]
    owner = each.pk == account.owner_id
    two_step: bool = each.two_step  # type: ignore[attr-defined]
    return PersonRow(each, owner, places, max(0, len(held) - SHOWN), two_step)


def held_roles(account: Account, person: User) -> dict[AccessGroup, str]:
    rows = Membership.objects.filter(user=person, group__account=account)
    return {row.group: row.role for row in rows.select_related("group")}


def waiting_invitations(account: Account) -> QuerySet[Invitation]:
    rows = Invitation.objects.waiting().filter(account=account)
    return rows.select_related("invited_by").prefetch_related("grants__group")
