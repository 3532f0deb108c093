"""Begin and end a look through a customer's eyes: told, timed, written down (R-I1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from accounts.audit import Deed, record
from accounts.models import Account, User
from accounts.people import accounts_of
from core import clock
from core.errors import DomainError
from core.text import one_line
from notifications.actions import notify
from notifications.queries import zone_of
from support import rights
from support.acting import Acting
from support.rights import Ability

MINUTES = (10, 20, 30)
SHORTEST_REASON = 10


def begin(*, staff: User, customer: User, reason: str, minutes: int) -> Acting:
    """The customer, and who owns the account, are told in the same transaction."""
    rights.require(staff, Ability.ACT)
    reason = one_line(reason)
    _check(customer, reason, minutes)
    now = clock.now()
    with transaction.atomic():
        # Pressed twice at once, the second look ends the first.
        User.objects.select_for_update(no_key=True).get(pk=staff.pk)
        for other in Acting.objects.going_on().filter(staff=staff):
            end(other, "Another look began")
        acting = Acting.objects.create(
            staff=staff,
            customer=customer,
            account=accounts_of(customer).select_related("owner").first(),
            reason=reason[:300],
            begun_at=now,
            until=now + timedelta(minutes=minutes),
        )
        write_down(acting, "acting.begun", f"For {minutes} minutes at most")
        for each in _concerned(customer, acting.account):
            _tell(each, acting)
    return acting


def _check(customer: User, reason: str, minutes: int) -> None:
    if customer.is_staff or not customer.is_active:
        words = "Only customers whose account is active can be looked after."
        raise DomainError("not_a_customer", words)
    if len(reason) < SHORTEST_REASON:
        words = "Say why in a few words: the customer reads it."
        raise DomainError("no_reason", words, field="reason")
    if minutes not in MINUTES:
        raise DomainError("bad_minutes", "Choose how long.", field="minutes")


def _concerned(customer: User, account: Account | None) -> Iterable[User]:
    return {customer, account.owner} if account else {customer}


def _tell(person: User, acting: Acting) -> None:
    until = clock.to_wall(acting.until, zone_of(person))
    whose = "your pages" if person == acting.customer else f"{acting.customer}'s pages"
    notify(
        user=person,
        code="support.look",
        title=f"{acting.staff} from support is looking at {whose}",
        text=(
            f"Why: {acting.reason}\n\nIt ends by itself at {until:%H:%M} at the "
            "latest. Support sees what you would see and can change nothing: no "
            "posts, no profiles, no passwords, no keys."
        ),
        path=reverse("support:history"),
        button="See all such looks",
    )


def end(acting: Acting, words: str) -> bool:
    """Once; False when it was ended before."""
    now = clock.now()
    with transaction.atomic():
        open_yet = Acting.objects.filter(pk=acting.pk, ended_at=None)
        if not open_yet.update(ended_at=min(now, acting.until)):
            return False
        acting.ended_at = min(now, acting.until)
        write_down(acting, "acting.ended", words)
    return True


def write_down(acting: Acting, verb: str, words: str) -> None:
    """About the look, in the customer's account, with its reason."""
    deed = Deed(verb, words, acting, acting.account, acting.reason)
    record(deed, actor=acting.staff)
