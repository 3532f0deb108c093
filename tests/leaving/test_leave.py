"""A person deletes themselves (R-I3, R-A5)."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.actions.groups import open_account
from accounts.actions.invitations import invite
from accounts.models import Account, Membership, Role, User
from core.errors import DomainError
from leaving.actions.leave import delete_person
from notifications.models import Notice
from scheduling.models import Post, PostEvent
from tests.conftest import signed_in
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.leaving.conftest import places_in_database
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def planned_by(cast, author) -> Post:
    post = PostFactory(group=cast.group, author=author)
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    TargetFactory(post=post, profile=profile)
    return post


def test_name_address_and_password_are_gone_at_once(cast):
    """R-I3: the row stays for what others keep, and says nothing of who it was."""
    delete_person(person=cast.bob, heirs={})
    bob = User.objects.get(pk=cast.bob.pk)
    assert (str(bob), bob.is_active, bob.has_usable_password()) == (
        "Former member",
        False,
        False,
    )
    assert bob.email.endswith("@deleted.invalid")
    assert not EmailAddress.objects.filter(user=bob).exists()


def test_every_session_ends(cast, bob):
    """R-I3, R-A8: also those on other devices, at their next request."""
    assert bob.get(f"/g/{cast.group.pk}/calendar/").status_code == 200
    delete_person(person=cast.bob, heirs={})
    answer = bob.get(f"/g/{cast.group.pk}/calendar/")
    assert answer.status_code == 302
    assert "/user/login/" in answer["Location"]
    assert not Client().login(email=cast.bob.email, password=PASSWORD)


def test_the_address_can_be_used_again(cast, mailoutbox):
    """R-A5: deleting one's account frees its address, for an invitation too."""
    delete_person(person=cast.charlie, heirs={})
    done = invite(
        account=cast.group.account,
        actor=cast.alice,
        email="charlie@example.org",
        grants={cast.group: Role.MEMBER},
    )
    assert not done.varied
    User.objects.create_user("charlie@example.org", PASSWORD)


def test_what_they_wrote_for_others_stays_without_their_name(cast):
    """R-I3: and what they had planned goes on in the owner's name (R-A6)."""
    post = planned_by(cast, cast.bob)
    delete_person(person=cast.bob, heirs={})
    post.refresh_from_db()
    assert post.author == cast.alice
    assert not Membership.objects.filter(user=cast.bob).exists()
    assert "Bob" not in PostEvent.objects.get(post=post).text


@pytest.mark.parametrize(
    "deed", ["stopped publishing for all", "dropped it: it was late"]
)
def test_reasons_of_posts_that_stay_lose_the_name(cast, deed):
    """R-I3: and nothing else of them."""
    post = planned_by(cast, cast.alice)
    post.targets.update(reason=f"Bob {deed}")
    delete_person(person=cast.bob, heirs={})
    assert post.targets.get().reason == f"Former member {deed}"


def test_a_published_post_was_written_by_a_former_member(cast, alice):
    post = planned_by(cast, cast.bob)
    post.targets.update(state="cancelled")
    delete_person(person=cast.bob, heirs={})
    page = alice.get(f"/g/{cast.group.pk}/posts/{post.pk}/").content.decode()
    assert "Former member" in page


def test_the_owner_of_their_groups_is_told_without_their_name(cast):
    delete_person(person=cast.bob, heirs={})
    notice = Notice.objects.get(code="person.left")
    assert notice.user == cast.alice
    assert "Alice Studio" in notice.text
    assert "Bob" not in notice.text + notice.title


def test_an_account_is_handed_over_whole(cast):
    """R-I3: nothing changes for those who work in it."""
    post = planned_by(cast, cast.alice)
    account = cast.group.account
    delete_person(person=cast.alice, heirs={account.pk: cast.bob})
    account.refresh_from_db()
    post.refresh_from_db()
    assert (account.owner, post.author) == (cast.bob, cast.bob)
    roles = Membership.objects.filter(group=cast.group).values_list("user", "role")
    assert list(roles) == [(cast.bob.pk, "owner")]


def test_an_account_nobody_takes_over_goes_too(cast):
    delete_person(person=cast.alice, heirs={})
    assert not Account.objects.filter(owner=cast.alice).exists()
    assert not Membership.objects.filter(group=cast.group).exists()


@pytest.mark.parametrize("heir", ["charlie", "dana", "alice"])
def test_only_its_people_can_take_an_account_over(cast, heir):
    """R-B1: nobody becomes the owner of strangers' posts."""
    heirs = {cast.group.account.pk: getattr(cast, heir)}
    with pytest.raises(DomainError, match="Choose somebody who is in this account"):
        delete_person(person=cast.alice, heirs=heirs)
    assert User.objects.get(pk=cast.alice.pk).is_active


def test_support_staff_don_t_vanish_by_themselves(cast):
    """R-I2: the audit trail must say who it was."""
    with pytest.raises(DomainError, match="administrator"):
        delete_person(person=cast.dana, heirs={})


def test_the_receipt_goes_to_the_address_that_was_theirs(cast, mailoutbox):
    """R-J6: sent at once; the address is stored nowhere for it."""
    deletion = delete_person(person=cast.bob, heirs={})
    [mail] = [each for each in mailoutbox if each.to == ["bob@example.org"]]
    assert f"/data-deletion/{deletion.code}/" in mail.body
    assert deletion.done_at


def test_a_mail_server_that_is_away_stops_no_deletion(cast, monkeypatch, settings):
    settings.EMAIL_BACKEND = "tests.leaving.test_leave.Away"
    assert delete_person(person=cast.bob, heirs={}).done_at


class Away:
    def __init__(self, *args, **kwargs) -> None:
        raise ConnectionRefusedError


def test_two_accounts_two_fates(cast):
    """One is handed over, the other goes."""
    second = open_account(owner=cast.alice, name="Second")
    delete_person(person=cast.alice, heirs={cast.group.account.pk: cast.bob})
    assert Account.objects.get(pk=cast.group.account.pk).owner == cast.bob
    assert Account.objects.get(pk=second.account.pk).name == "Deleted"


def test_nothing_names_them_in_rows_of_their_own(planted):
    """R-I3: at once, with the account handed over."""
    delete_person(person=planted.alice, heirs={planted.group.account.pk: planted.bob})
    tables = set(places_in_database())
    assert not tables & {"accounts_user", "account_emailaddress", "accounts_auditentry"}


def test_a_session_that_was_open_can_t_act(cast):
    client = signed_in(cast.bob)
    delete_person(person=cast.bob, heirs={})
    assert client.get("/user/data/").status_code == 302
