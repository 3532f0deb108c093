"""One profile, one place: what is said of it elsewhere, and two acts at once (R-B6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.models import AccessGroup, Membership, Role
from profiles.actions.pick import Choice, pick
from profiles.actions.relocate import relocate
from profiles.models import SocialProfile, SocialSet
from tests.scheduling.test_races import _until_somebody_waits_for_a_lock


@pytest.fixture
def second(cast) -> SocialSet:
    """In another group of Alice's account."""
    group = AccessGroup.objects.create(account=cast.group.account, name="Second")
    Membership.objects.create(user=cast.alice, group=group, role=Role.OWNER)
    return SocialSet.objects.create(group=group, name="There")


def picked(journey, user):
    (result,) = pick(journey=journey, choices=[Choice("id-1")], actor=user)
    return result


def test_who_sees_it_in_another_group_is_told_where(way, cast, second):
    """R-B6, R-B5: and that it can be moved."""
    way.connected()
    result = picked(way.arrived(social_set=second), cast.alice)
    assert result.code == "connected_elsewhere"
    assert "in your Access Group Alice Studio. Move it here" in result.problem


def test_who_can_not_see_that_group_is_not_told_of_it(way, cast, second):
    """R-B1, R-B6: Bob is in the second group only."""
    way.connected()
    Membership.objects.filter(user=cast.bob).update(group=second.group)
    journey = way.arrived(social_set=second, actor=cast.bob)
    result = picked(journey, cast.bob)
    assert result.problem.startswith("This profile is already connected elsewhere.")


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_does_not_bring_back_what_is_being_moved(way, cast, second):
    """R-B5, R-B6: whoever comes last sees where it is, and writes nothing over it."""
    profile = way.connected().profile
    spare = SocialSet.objects.create(group=cast.group, name="Spare")
    journey = way.arrived(social_set=spare)

    def sign_in():
        try:
            return picked(journey, cast.alice)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            relocate(profile=profile, to=second, actor=cast.alice)
            answer = pool.submit(sign_in)
            _until_somebody_waits_for_a_lock()
        result = answer.result(30)
    assert result.code == "connected_elsewhere"
    assert SocialProfile.objects.get().group == second.group
