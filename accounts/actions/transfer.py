"""An account for another of its people: the one thing that only its owner can give."""

from __future__ import annotations

from django.db import transaction

from accounts import audit
from accounts.models import Account, Membership, Role, User
from accounts.people import people_of
from accounts.rights import require_owner
from core.errors import DomainError


def heirs(account: Account) -> list[User]:
    """Who may take it over: its other people who can sign in, by name."""
    others = people_of(account).exclude(pk=account.owner_id).filter(is_active=True)
    return sorted(others, key=lambda each: str(each).lower())


@transaction.atomic
def transfer(*, account: Account, actor: User, to: User) -> None:
    """The new owner owns every group; the old one stays in them as a reviewer."""
    locked = Account.objects.select_for_update().get(pk=account.pk)
    require_owner(actor, locked)
    if to.pk == actor.pk or not people_of(locked).filter(pk=to.pk).exists():
        words = "Choose somebody who is in this account."
        raise DomainError("no_heir", words, field="heir")
    locked.owner = to
    locked.save(update_fields=["owner"])
    account.owner = to
    _own(locked, to)
    roles = Membership.objects.filter(user=actor, group__account=locked)
    roles.update(role=Role.REVIEWER)
    words = "Handed over to another of its people."
    audit.record(audit.Deed("account.transferred", words, account=locked), actor=actor)


def _own(account: Account, owner: User) -> None:
    held = Membership.objects.filter(user=owner, group__account=account)
    held.update(role=Role.OWNER)
    missing = account.groups.exclude(memberships__user=owner)
    Membership.objects.bulk_create(
        Membership(user=owner, group=group, role=Role.OWNER) for group in missing
    )
