"""A new Access Group, by the account's owner (R-A6, R-B1)."""

from __future__ import annotations

import pytest

from accounts.models import AccessGroup, Role
from accounts.rights import role_in
from core.errors import DomainError
from profiles.actions.groups import found_group
from profiles.models import SocialSet

pytestmark = pytest.mark.django_db

NEW = "/settings/groups/new/"
MIRA = {"name": "Mira  Lane", "timezone": "America/New_York"}


def test_the_owner_founds_a_group_with_its_first_social_set(alice, cast):
    answer = alice.post(NEW, MIRA)
    group = AccessGroup.objects.get(name="Mira Lane")
    assert answer.url == f"/g/{group.pk}/settings/profiles/"
    assert (group.account, group.timezone) == (cast.group.account, MIRA["timezone"])
    assert role_in(cast.alice, group) == Role.OWNER
    assert SocialSet.objects.get(group=group).name == "Mira Lane"


def test_colleagues_of_other_groups_dont_see_it(alice, cast):
    """R-B1: nobody is in it but the owner."""
    alice.post(NEW, MIRA)
    assert not AccessGroup.objects.visible_to(cast.bob).filter(name="Mira Lane")


@pytest.mark.parametrize("who", ["bob", "dana"])
def test_who_owns_no_account_has_no_such_page(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(NEW).status_code == 404
    assert client.post(NEW, MIRA).status_code == 404
    assert not AccessGroup.objects.filter(name="Mira Lane").exists()


def test_only_the_owner_may(cast):
    with pytest.raises(DomainError) as caught:
        found_group(account=cast.group.account, actor=cast.bob, **MIRA)
    assert caught.value.code == "not_owner"
    assert not AccessGroup.objects.filter(name="Mira Lane").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"timezone": "Atlantis/Main"}, "timezone"),
    ],
)
def test_a_mistake_is_told_beside_its_field(alice, change, field):
    answer = alice.post(NEW, {**MIRA, **change})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert AccessGroup.objects.count() == 2


def test_the_zone_is_proposed_from_the_group_before(alice):
    assert 'value="Europe/Berlin" selected' in alice.get(NEW).content.decode()
