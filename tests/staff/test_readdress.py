"""Support sends an invitation to another address (R-A5), with a reason, told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.invitation import Invitation
from accounts.models import Role
from core.errors import DomainError
from notifications.models import Notice
from support.actions.readdress import readdress
from support.rights import Kind
from tests.staff.conftest import last, verbs

pytestmark = pytest.mark.django_db
WHY = "Mira asked in request 12"


@pytest.fixture
def asked(everything) -> Invitation:
    return everything["accounts.invitation"]


def send(client, invitation: Invitation, **changed: str):
    page = reverse("admin:invitation_readdress", args=[invitation.pk])
    return client.post(page, {"email": "mira@new.example", "reason": WHY, **changed})


def test_the_same_invitation_goes_to_the_new_address(staff, asked, mailoutbox):
    """R-A5: support re-issues it; the roles stay, the old link is dead."""
    answer = send(staff(Kind.ONBOARDING), asked)
    assert answer["Location"] == "/admin/accounts/invitation/"
    asked.refresh_from_db()
    renewed = Invitation.objects.get(email="mira@new.example")
    assert asked.revoked_at and renewed.invited_by == asked.account.owner
    assert [grant.role for grant in renewed.grants.all()] == [Role.MEMBER]
    assert mailoutbox[-1].to == ["mira@new.example"]


def test_it_is_written_down_and_the_owner_is_told(support, asked, cast):
    """R-I2."""
    send(support, asked)
    entry = last()
    assert (entry.verb, entry.reason) == ("invitation.readdressed", WHY)
    assert entry.account_id == asked.account_id
    notice = Notice.objects.get(user=cast.alice, code="support.readdressed")
    assert "mira@new.example" in notice.text and WHY in notice.text


@pytest.mark.parametrize(
    "changed",
    [{"reason": "short"}, {"email": "nonsense"}, {"email": "mira@example.com"}],
)
def test_what_is_wrong_is_told_beside_its_field(support, asked, changed):
    assert send(support, asked, **changed).status_code == 422
    assert "invitation.readdressed" not in verbs()
    asked.refresh_from_db()
    assert asked.revoked_at is None


def test_one_that_was_accepted_or_taken_back_is_not_there(support, asked):
    send(support, asked)
    assert send(support, asked).status_code == 404


def test_the_action_itself_refuses(asked, cast):
    with pytest.raises(DomainError, match="doesn't allow"):
        readdress(invitation=asked, staff=cast.alice, email="a@b.example", reason=WHY)
