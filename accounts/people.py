"""Who belongs to which account: an address to one at a time (R-A2)."""

from __future__ import annotations

from itertools import count

from allauth.account.models import EmailAddress
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from accounts.invitation import Invitation
from accounts.models import AccessGroup, Account, Membership, User


def people_of(account: Account) -> QuerySet[User]:
    """The owner and everybody with a role in one of its groups."""
    members = Membership.objects.filter(group__account=account).values("user")
    owner = Account.objects.filter(pk=account.pk).values("owner")
    # A join would repeat whoever is in many groups, and read all users for an "or".
    return User.objects.filter(pk__in=members.union(owner))


def places_taken(account: Account) -> int:
    """Its people, and those who are invited and may come in at any moment."""
    people = people_of(account)
    waiting = Invitation.objects.waiting().filter(account=account)
    invited = waiting.exclude(email__in=people.values("email"))
    return people.count() + invited.count()


def accounts_of(user: User) -> QuerySet[Account]:
    worked_in = AccessGroup.objects.filter(memberships__user=user).order_by()
    owned = Account.objects.filter(owner=user).values("pk")
    return Account.objects.filter(pk__in=worked_in.values("account").union(owned))


def with_address(email: str) -> User | None:
    """Who signs in with it, or proved that it is theirs, too. By the indexes that make
    it unique; `iexact` would read everybody."""
    rows = User.objects.alias(address=Lower("email"))
    found = rows.filter(address=Lower(Value(email))).first()
    return found or _with_another(email)


def _with_another(email: str) -> User | None:
    rows = EmailAddress.objects.filter(email=email.lower(), verified=True)
    row = rows.select_related("user").first()
    return row.user if row else None


def address_for(account: Account, email: str) -> str:
    """The address, or the first free +talent variation if another account has it."""
    local, _, domain = email.lower().rpartition("@")
    for number in count():
        address = f"{local}{_tag(number)}@{domain}"
        user = with_address(address)
        if user is None or not _tied_elsewhere(user, account):
            return address
    raise AssertionError("count() doesn't end")


def _tag(number: int) -> str:
    return "" if number == 0 else "+talent" if number == 1 else f"+talent{number}"


def _tied_elsewhere(user: User, account: Account) -> bool:
    return accounts_of(user).exclude(pk=account.pk).exists()
