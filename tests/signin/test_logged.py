"""What an operator can read of tries and refusals (ASVS V16.3)."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from accounts.models import Membership, Role
from accounts.rights import Right, require
from accounts.signin import throttle
from core.errors import DomainError
from tests.people import PASSWORD
from tests.signin.conftest import browser, sign_in

pytestmark = pytest.mark.django_db
TRIED = "signin.tried"


def tries(said: list) -> list[dict]:
    return [line for line in said if line["event"] == TRIED]


def test_each_try_is_logged_without_the_address(cast):
    """R-A8: right and wrong ones, from where, and nothing that was typed."""
    with capture_logs() as said:
        sign_in(browser("198.51.100.7"), cast.alice.email, "wrong password 1")
        sign_in(browser("198.51.100.8"), cast.alice.email, PASSWORD)
    wrong, right = tries(said)
    assert wrong["password"] == "wrong"
    assert wrong["network"].startswith("198.51.100.7")
    assert right["password"] == "right"
    assert right["user"] == str(cast.alice.pk)
    assert "user" not in wrong
    assert cast.alice.email not in repr(tries(said))
    assert "wrong password 1" not in repr(tries(said))


def test_what_is_slowed_is_logged_too(cast):
    client = browser()
    with capture_logs() as said:
        for number in range(throttle.PAIR.tries + 1):
            sign_in(client, cast.alice.email, f"wrong {number}")
    assert [each["password"] for each in tries(said)][-1] == "throttled"


def test_a_refused_right_is_logged(cast):
    """R-A6: who tried what, where."""
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    with capture_logs() as said, pytest.raises(DomainError):
        require(cast.bob, cast.group, Right.SCHEDULE)
    [line] = [line for line in said if line["event"] == "right.refused"]
    assert line["right"] == "schedule"
    assert line["group"] == str(cast.group.pk)
    assert line["user"] == str(cast.bob.pk)
