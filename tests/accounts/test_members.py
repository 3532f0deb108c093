"""Roles: one table, given by the owner, counted at once (R-A6)."""

from __future__ import annotations

import pytest

from accounts.actions.invitations import invite
from accounts.actions.members import give, set_roles
from accounts.models import AccessGroup, Membership, Role
from accounts.rights import GIVEN, GRANTED, Right, may, roles_with
from core import clock
from core.errors import DomainError
from scheduling.models import PostEvent
from scheduling.states import TargetState
from tests.factories import PostFactory, ProfileFactory, TargetFactory

pytestmark = pytest.mark.django_db


def test_every_role_has_its_rights_written_down():
    assert set(GRANTED) == set(Role)
    assert set(GIVEN) == set(Role) - {Role.OWNER}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("right", list(Right))
def test_a_person_may_what_the_table_says(cast, role, right):
    """R-A6: read from the database each time, so that a change counts at once."""
    Membership.objects.filter(user=cast.bob).update(role=role)
    assert may(cast.bob, cast.group, right) == (role in roles_with(right))


@pytest.mark.parametrize("right", list(Right))
def test_strangers_and_the_inactive_may_nothing(cast, right):
    cast.alice.is_active = False
    assert not may(cast.charlie, cast.group, right)
    assert not may(cast.alice, cast.group, right)


def test_roles_become_exactly_what_was_chosen(cast, second):
    account = cast.group.account
    roles = {second: Role.REVIEWER}
    set_roles(account=account, actor=cast.alice, person=cast.bob, grants=roles)
    held = Membership.objects.filter(user=cast.bob).values_list("group", "role")
    assert list(held) == [(second.pk, "reviewer")]


def test_who_has_no_role_left_is_out(cast):
    account = cast.group.account
    set_roles(account=account, actor=cast.alice, person=cast.bob, grants={})
    assert not AccessGroup.objects.visible_to(cast.bob).exists()


@pytest.mark.parametrize("actor", ["bob", "charlie"])
def test_nobody_but_the_owner_changes_roles(cast, actor):
    """R-A6: not the person, not a stranger."""
    account = cast.group.account
    with pytest.raises(DomainError) as caught:
        set_roles(
            account=account,
            actor=getattr(cast, actor),
            person=cast.bob,
            grants={cast.group: Role.REVIEWER},
        )
    assert caught.value.code == "not_owner"
    assert Membership.objects.get(user=cast.bob).role == Role.MEMBER


def test_the_owner_cant_be_put_out(cast):
    with pytest.raises(DomainError, match="can't be changed"):
        set_roles(
            account=cast.group.account, actor=cast.alice, person=cast.alice, grants={}
        )


def test_somebody_of_another_account_isnt_drawn_in(cast):
    """R-A2: also not by a colleague's page with a foreign id."""
    grants = {cast.group: Role.MEMBER}
    account = cast.group.account
    with pytest.raises(DomainError, match="another account"):
        give(account=account, actor=cast.alice, person=cast.charlie, grants=grants)


@pytest.fixture
def planned(cast):
    """A post that Bob scheduled, and one that is out."""
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    ahead = PostFactory(group=cast.group, author=cast.bob)
    TargetFactory(post=ahead, profile=profile, state=TargetState.SCHEDULED)
    out = PostFactory(group=cast.group, author=cast.bob)
    over = {"state": TargetState.PUBLISHED, "published_at": clock.now()}
    TargetFactory(post=out, profile=profile, remote_id="1", **over)
    return ahead, out


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.RESTRICTED])
def test_what_somebody_planned_goes_on_in_the_owners_name(cast, planned, role):
    """Leaving or losing the right to schedule loses no post."""
    grants = {cast.group: role} if role else {}
    set_roles(
        account=cast.group.account, actor=cast.alice, person=cast.bob, grants=grants
    )
    ahead, out = planned
    ahead.refresh_from_db()
    out.refresh_from_db()
    assert (ahead.author, out.author) == (cast.alice, cast.bob)
    told = PostEvent.objects.get(post=ahead)
    assert told.actor == cast.alice
    assert told.text.startswith("Goes on in another name")


def test_who_may_still_schedule_keeps_their_posts(cast, planned):
    roles = {cast.group: Role.REVIEWER}
    set_roles(
        account=cast.group.account, actor=cast.alice, person=cast.bob, grants=roles
    )
    planned[0].refresh_from_db()
    assert planned[0].author == cast.bob


def test_inviting_a_colleague_as_viewer_hands_over_too(cast, planned):
    invite(
        account=cast.group.account,
        actor=cast.alice,
        email=cast.bob.email,
        grants={cast.group: Role.VIEWER},
    )
    planned[0].refresh_from_db()
    assert planned[0].author == cast.alice
