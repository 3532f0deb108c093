"""Who has which role in the groups of an account (R-A6)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts import hooks
from accounts.audit import Deed, record
from accounts.models import AccessGroup, Account, Membership, Role, User
from accounts.people import accounts_of
from accounts.rights import GRANTED, Right, require_given, require_owner
from core.errors import DomainError

Grants = Mapping[AccessGroup, str]
# What support sees of others must never mix with what is one's own.
STAFF = DomainError(
    "is_staff",
    "Support staff are in no account. Use another e-mail address for that.",
    field="email",
)


@transaction.atomic
def give(*, account: Account, actor: User, person: User, grants: Grants) -> None:
    """Add to what the person has; a role they have in a group becomes the new one."""
    require_owner(actor, account)
    require_given(grants.values())
    _not_the_owner(account, person)
    enter(account=account, person=person, grants=grants)
    _hand_over(actor, person, grants)
    _write_down("roles.added", account, actor, person, grants)


@transaction.atomic
def enter(*, account: Account, person: User, grants: Grants) -> None:
    """Write the roles. Raises DomainError if the person is tied to another account.

    The person is held: of two accounts they come into at once the second finds them tied.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.is_staff:
        raise STAFF
    if accounts_of(person).exclude(pk=account.pk).exists():
        words = f"{person.email} belongs to another account."
        raise DomainError("tied_elsewhere", words, field="email")
    for group, role in grants.items():
        Membership.objects.update_or_create(
            user=person, group=group, defaults={"role": role}
        )


@transaction.atomic
def set_roles(*, account: Account, actor: User, person: User, grants: Grants) -> None:
    """Exactly these; groups that aren't named are left. None at all: they are out."""
    require_owner(actor, account)
    require_given(grants.values())
    _not_the_owner(account, person)
    rows = Membership.objects.filter(user=person, group__account=account)
    left = rows.exclude(group__in=grants).select_related("group")
    for membership in left:
        hooks.hand_over(person, membership.group, actor)
    left.delete()
    enter(account=account, person=person, grants=grants)
    _hand_over(actor, person, grants)
    verb = "roles.changed" if grants else "person.removed"
    _write_down(verb, account, actor, person, grants)


def _write_down(
    verb: str, account: Account, actor: User, person: User, grants: Grants
) -> None:
    record(Deed(verb, in_words(grants), person, account), actor=actor)


def in_words(grants: Grants) -> str:
    return ", ".join(f"{Role(role).label} in {group}" for group, role in grants.items())


def _hand_over(actor: User, person: User, grants: Grants) -> None:
    """Posts are only sent while their author may schedule: they go on in our name."""
    for group, role in grants.items():
        if Right.SCHEDULE not in GRANTED[Role(role)]:
            hooks.hand_over(person, group, actor)


def _not_the_owner(account: Account, person: User) -> None:
    if person.pk == account.owner_id:
        words = "The owner has every right in each group; this can't be changed."
        raise DomainError("is_owner", words)
