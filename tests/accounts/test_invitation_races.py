"""Two presses at once, two accounts at once (R-A2, R-A3)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.actions.accept import accept_as_new
from accounts.actions.invitations import invite
from accounts.invitation import Invitation
from accounts.models import Membership, Role, User
from core.errors import DomainError
from tests.accounts.conftest import path_in

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """The code of each refusal, "" where there was none."""

    def run(act: Callable[[], Any]) -> str:
        try:
            act()
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def asking(owner: User, group: object) -> Callable[[], Any]:
    return lambda: invite(
        account=group.account,  # type: ignore[attr-defined]
        actor=owner,
        email="mira@example.org",
        grants={group: Role.MEMBER},  # type: ignore[dict-item]
    )


def test_a_double_press_invites_once(cast):
    press = asking(cast.alice, cast.group)
    assert at_once(press, press, press) == ["", "just_sent", "just_sent"]
    assert Invitation.objects.count() == len(mail.outbox) == 1


def test_one_link_lets_one_in(cast):
    """Opened on two devices, pressed on both."""
    asking(cast.alice, cast.group)()
    token = path_in(mail.outbox[-1]).split("/")[-2]
    words = {"name": "Mira", "password": "a fine long password"}

    def join() -> object:
        return accept_as_new(token=token, **words)

    assert at_once(join, join) == ["", "invitation_over"]
    assert Membership.objects.filter(user__email="mira@example.org").count() == 1


def test_two_accounts_that_invite_one_address_get_two_people(cast):
    """R-A2: the second joins under a variation, or is told to press again."""
    asking(cast.alice, cast.group)()
    asking(cast.charlie, cast.charlies_group)()
    tokens = [path_in(message).split("/")[-2] for message in mail.outbox]
    words = {"name": "Mira", "password": "a fine long password"}
    joins = [lambda t=t: accept_as_new(token=t, **words) for t in tokens]
    for code in at_once(*joins):
        assert code in {"", "invitation_over"}
    for token in tokens:
        if Invitation.objects.waiting().exists():
            at_once(lambda t=token: accept_as_new(token=t, **words))
    found = User.objects.filter(email__startswith="mira")
    assert sorted(found.values_list("email", flat=True)) == [
        "mira+talent@example.org",
        "mira@example.org",
    ]
