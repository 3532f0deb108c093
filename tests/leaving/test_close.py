"""An account is closed: what happens at once (R-I3)."""

from __future__ import annotations

import pytest

from accounts.invitation import Invitation
from accounts.models import AccessGroup, Account, Membership
from core.errors import DomainError
from leaving.actions.close import close_account
from leaving.actions.leave import delete_account
from leaving.models import Deletion
from notifications.models import Notice
from profiles.models import SocialProfile
from publishing.actions.check import refusal
from publishing.actions.load import load
from scheduling.models import Stop, Target
from scheduling.states import TargetState
from tests.factories import ProfileFactory
from tests.leaving.conftest import places_in_database

pytestmark = pytest.mark.django_db


def close(cast) -> Deletion:
    return close_account(account=cast.group.account, actor=cast.alice)


def test_nobody_gets_in_any_more(planted):
    """R-I3: the owner neither; what waited for an acceptance is gone, too."""
    close(planted)
    assert not AccessGroup.objects.visible_to(planted.alice).exists()
    assert not AccessGroup.objects.visible_to(planted.bob).exists()
    assert not Account.objects.filter(owner=planted.alice).exists()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("who", ["bob", "charlie", "dana"])
def test_only_its_owner_may(planted, who):
    """R-A6: and nothing has happened."""
    with pytest.raises(DomainError, match="Only the account's owner"):
        close_account(account=planted.group.account, actor=getattr(planted, who))
    assert Membership.objects.filter(group=planted.group).count() == 2
    assert not Deletion.objects.exists()


def test_no_name_of_its_places_and_profiles_is_left(planted):
    """R-I3: what names people is gone before any row is deleted."""
    close(planted)
    found = places_in_database()
    assert not {
        "accounts_account",
        "accounts_accessgroup",
        "accounts_invitation",
        "profiles_socialset",
        "profiles_journey",
    } & set(found)
    profile = SocialProfile.objects.get()
    shown = profile.name, profile.handle, profile.picture_url, profile.address
    assert shown == ("Deleted", "", "", "")


def test_what_a_worker_holds_is_taken_out_of_its_hands(planted):
    """R-F2: a claim that was checked before the deletion can't be sent any more."""
    Target.objects.update(state="claimed", lease_until="2030-01-01T00:00Z", fence=7)
    close(planted)
    target = Target.objects.get()
    assert (target.state, target.fence) == (TargetState.CANCELLED, 8)
    assert target.reason == "Its account was deleted before it went out."


def test_what_is_still_to_come_is_refused_at_its_time(planted):
    """R-F1: between the closing and the deletion of its row."""
    Stop.objects.all().delete()
    close(planted)
    Target.objects.update(state="claimed", lease_until="2030-01-01T00:00Z", fence=1)
    target = Target.objects.get()
    [loaded] = load([[str(target.pk), 1]], TargetState.CLAIMED)
    found = refusal(loaded.target)
    assert found and found.code in ("profile_removed", "author_may_not")


def test_its_people_are_told_and_others_are_not(planted):
    """R-I3: with the way to their own deletion; in words that name nobody."""
    close(planted)
    notice = Notice.objects.get(code="account.deleted")
    assert (notice.user, notice.path) == (planted.bob, "/user/data/")
    assert "zwitscher" not in notice.text


def test_its_profiles_can_be_connected_elsewhere_at_once(planted):
    """R-B6: an identity has one place, and this one is free."""
    close(planted)
    ProfileFactory(
        group=planted.charlies_group,
        social_set=planted.charlies_group.social_sets.create(name="New"),
        external_id=SocialProfile.objects.get().external_id,
    )


def test_other_accounts_notice_nothing(planted):
    close(planted)
    mine = AccessGroup.objects.visible_to(planted.charlie)
    assert list(mine.values_list("name", flat=True)) == ["Charlie & Co"]


def test_the_owner_gets_a_receipt_and_stays(planted, mailoutbox):
    """R-I3, R-J6: with dates, and an address that shows how far it is."""
    deletion = delete_account(account=planted.group.account, actor=planted.alice)
    [mail] = [each for each in mailoutbox if "deleted" in each.subject]
    assert mail.to == [planted.alice.email]
    assert f"/data-deletion/{deletion.code}/" in mail.body
    planted.alice.refresh_from_db()
    assert planted.alice.is_active


def test_closing_costs_the_same_with_many_posts(planted, django_assert_max_num_queries):
    """R-I3: the rows go later; a page must not wait for them."""
    with django_assert_max_num_queries(60):
        close(planted)
