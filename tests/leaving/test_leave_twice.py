"""Two tabs, two presses: a person is deleted once (R-I3)."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.template.loader import render_to_string

from accounts.models import User
from billing.models import Subscription
from leaving.actions.leave import delete_person
from leaving.models import Deletion
from leaving.outlook import of_account
from notifications.models import Notice


@pytest.mark.django_db
def test_pressed_again_it_is_the_same_receipt(cast, mailoutbox):
    first = delete_person(person=cast.bob, heirs={})
    again = delete_person(person=cast.bob, heirs={})
    assert again.pk == first.pk
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_in_one_moment_too(cast):
    start, codes = Barrier(2), []

    def press(person: User) -> None:
        start.wait()
        codes.append(delete_person(person=person, heirs={}).code)
        connection.close()

    people = [User.objects.get(pk=cast.bob.pk) for _ in range(2)]
    threads = [Thread(target=press, args=(each,)) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(codes) == 2 and len(set(codes)) == 1
    assert Deletion.objects.count() == 1


@pytest.mark.django_db
def test_who_takes_an_account_over_is_told(cast):
    delete_person(person=cast.alice, heirs={cast.group.account_id: cast.bob})
    notice = Notice.objects.get(code="account.yours")
    assert notice.user == cast.bob
    assert "is yours now" in notice.title and notice.path == "/settings/plan/"


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["active", "canceled"])
def test_that_a_paid_plan_ends_with_it_is_told_beforehand(cast, status):
    """R-I3, R-B7: nothing more is charged, and nothing is paid back."""
    Subscription.objects.create(account=cast.group.account, status=status)
    outlook = of_account(cast.group.account)
    shown = {"owned": outlook, "people_shown": ":10"}
    page = render_to_string("leaving/_account.html", shown)
    assert ("the paid plan ends at once" in page) == (status == "active")
