"""Delete a person: what is theirs goes, what they wrote for others stays nameless."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import reduce
from operator import or_
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from accounts import audit, hooks
from accounts.actions.transfer import transfer
from accounts.former import forget
from accounts.models import AccessGroup, Account, Membership, User
from core import clock
from core.errors import DomainError
from core.holdings import Holding, holdings
from leaving.actions.close import close_account
from leaving.mails import send_receipts
from leaving.models import Deletion
from notifications.actions import notify
from scheduling.actions.unname import unname

TITLE = "Somebody left your account"
TEXT = (
    "A person who had a role in {groups} deleted their sign-in. What they wrote stays, "
    "without their name. What they had planned goes on in your name."
)
YOURS = (
    "Its owner deleted their sign-in and handed the account over to you. You decide "
    "now on its Access Groups, people and plan. A paid plan goes on with the card that "
    "was given: see Plan, and put your own there."
)
PERSON = Deletion.Kind.PERSON
STAFF = DomainError(
    "staff",
    "Support staff can't delete their own sign-in: an administrator does that.",
)


def delete_person(*, person: User, heirs: Mapping[UUID, User]) -> Deletion:
    """`heirs`: who takes over an account of theirs, by its id; without one it goes, too.

    Each account is a transaction of its own; what failed half way can be asked again.
    The receipts are mailed to the address that was theirs.
    """
    if person.is_staff:
        raise STAFF
    if done := Deletion.objects.filter(kind=PERSON, subject=person.pk).first():
        # Pressed twice: the first has done it, and its receipt is under way.
        return done
    to, name = person.email, person.get_short_name()
    closed = []
    for account in Account.objects.filter(owner=person):
        if heir := heirs.get(account.pk):
            transfer(account=account, actor=person, to=heir)
            _tell_heir(account, heir)
        else:
            closed.append(close_account(account=account, actor=person))
    try:
        deletion = _delete(person)
    except IntegrityError:
        return Deletion.objects.get(kind=PERSON, subject=person.pk)
    send_receipts([deletion, *closed], to=to, name=name)
    return deletion


def delete_account(*, account: Account, actor: User) -> Deletion:
    """The account alone: the sign-ins of its people stay, the owner's too."""
    deletion = close_account(account=account, actor=actor)
    send_receipts([deletion], to=actor.email, name=actor.get_short_name())
    return deletion


def _tell_heir(account: Account, heir: User) -> None:
    notify(
        user=heir,
        code="account.yours",
        title=f"{account} is yours now",
        text=YOURS,
        path=reverse("billing:plan"),
        button="Open your plan",
    )


@transaction.atomic
def _delete(person: User) -> Deletion:
    locked = User.objects.select_for_update().get(pk=person.pk)
    addresses, name = _addresses(locked), str(locked)
    # First, so that nothing that is written from here on can name them.
    forget(locked)
    unname(name, AccessGroup.objects.visible_to(locked))
    _step_back(locked)
    _end_sessions(locked)
    for holding in holdings():
        _delete_own(holding, locked)
    audit.erase(people=[locked.pk], texts=addresses)
    audit.record(audit.Deed("person.deleted", about=locked), actor=None)
    # The nameless row that is left goes with the last thing it wrote (leaving.purge).
    return Deletion.objects.create(kind=PERSON, subject=locked.pk, done_at=clock.now())


def _end_sessions(person: User) -> None:
    """Their rows as well: the password's hash let none of them in any more."""
    keys = UserSession.objects.filter(user=person).values("session_key")
    Session.objects.filter(session_key__in=keys).delete()


def _addresses(person: User) -> set[str]:
    rows = EmailAddress.objects.filter(user=person)
    return {person.email, *rows.values_list("email", flat=True)}


def _step_back(person: User) -> None:
    """Out of the groups of others, who go on with what was planned (R-A6)."""
    groups = defaultdict(list)
    rows = Membership.objects.filter(user=person)
    for role in rows.select_related("group__account__owner"):
        hooks.hand_over(person, role.group, role.group.account.owner)
        groups[role.group.account.owner].append(str(role.group))
    rows.delete()
    for owner, names in groups.items():
        text = TEXT.format(groups=", ".join(sorted(names)))
        notify(user=owner, code="person.left", title=TITLE, text=text, path="/")


def _delete_own(holding: Holding, person: User) -> None:
    if holding.person:
        own = reduce(or_, (Q(**{lookup: person}) for lookup in holding.person))
        holding.model._default_manager.filter(own).delete()
