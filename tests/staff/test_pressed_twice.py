"""Two tabs, two presses: staff looks through one pair of eyes at a time (R-I1)."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.audit import AuditEntry
from accounts.models import User
from core.errors import DomainError
from support.acting import Acting
from support.actions.act import begin
from support.rights import Kind
from tests.staff.conftest import make_staff

WHY = "The calendar of Bob stays empty"


@pytest.mark.django_db(transaction=True)
def test_two_looks_begun_in_one_moment_are_one(cast):
    helper = make_staff("Hanna", Kind.SUPPORT)
    start = Barrier(2)

    def press(customer: User) -> None:
        staff = User.objects.get(pk=helper.pk)
        start.wait()
        begin(staff=staff, customer=customer, reason=WHY, minutes=10)
        connection.close()

    threads = [Thread(target=press, args=(each,)) for each in (cast.bob, cast.charlie)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Acting.objects.count() == 2
    assert Acting.objects.going_on().count() == 1
    assert AuditEntry.objects.filter(verb="acting.ended").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["\u200b" * 20, "\u202e\u2066 " * 9, "a\u200b" * 9])
def test_a_reason_that_nobody_can_read_is_none(cast, reason):
    helper = make_staff("Hanna", Kind.SUPPORT)
    with pytest.raises(DomainError, match="Say why"):
        begin(staff=helper, customer=cast.bob, reason=reason, minutes=10)
