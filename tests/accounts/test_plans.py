"""R-B2, R-B7: what a plan has is data; what is over it is refused in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.actions.groups import create_group
from accounts.actions.plans import set_plan
from accounts.entitlements import plan_of, require_room, use_of
from accounts.models import AccessGroup, Role
from accounts.plans import GB, NEEDS, PLANS, Resource, covering
from core.errors import DomainError
from later import env
from platforms import registry
from profiles.actions.sets import create_set
from tests.factories import MediaItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(cast):
    """Alice's account on a plan."""

    def put(key: str):
        set_plan(cast.group.account, key)
        return cast.group.account

    return put


def refused(act) -> DomainError:
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value


def test_every_need_of_a_kind_is_in_some_plan():
    """R-B7: what adapters declare and what plans include are the same words."""
    declared = {k.needs for a in registry.publishing() for k in a.kinds} - {""}
    assert declared == set(NEEDS)
    assert all(covering(needs) for needs in declared)


def test_free_publishes_single_images_and_reels_not_carousels_and_stories():
    """R-B7, as the help article says it."""
    kinds = registry.adapter_class("instagram").kinds
    free = {kind.key: PLANS["free"].covers(kind.needs) for kind in kinds}
    assert free == {"image": True, "reel": True, "carousel": False, "story": False}
    tiktok = registry.adapter_class("tiktok").kinds
    assert all(PLANS["free"].covers(kind.needs) for kind in tiktok)


def test_a_larger_plan_never_has_less():
    order = [PLANS[key] for key in ("free", "starter", "growth", "agency", "unlimited")]
    for less, more in pairwise(order):
        assert less.includes <= more.includes
        for resource in Resource:
            most, larger = less.most(resource), more.most(resource)
            assert larger is None or (most is not None and most <= larger)


def test_without_a_plan_of_its_own_the_operators_counts(cast, settings):
    settings.DEFAULT_PLAN = "growth"
    assert plan_of(cast.group.account) is PLANS["growth"]


def test_a_plan_that_is_no_more_is_the_operators(cast, settings):
    settings.DEFAULT_PLAN = "starter"
    cast.group.account.plan = "gold-2019"
    assert plan_of(cast.group.account).key == "starter"


def test_the_default_bounds_nothing_and_counts_nothing(cast, django_assert_num_queries):
    """Who hosts it without Stripe could buy nothing larger."""
    account = cast.group.account
    with django_assert_num_queries(0):
        assert use_of(account, Resource.GROUPS) is None
        require_room(account, Resource.STORAGE, 10**15)


def test_one_group_more_is_refused_with_limit_use_and_way_out(cast, on):
    account = on("free")
    error = refused(lambda: create_group(account=account, actor=cast.alice, name="X"))
    assert error.code == "plan_groups"
    assert "Free plan has room for 1 Access Group, and 1" in error.message
    assert "ask Alice for a larger plan" in error.message
    assert AccessGroup.objects.filter(account=account).count() == 1


def test_sets_are_counted_over_all_groups(cast, on):
    account = on("unlimited")
    other = create_group(account=account, actor=cast.alice, name="Second")
    create_set(group=other, actor=cast.alice, name="Its first")
    on("starter")
    error = refused(lambda: create_set(group=other, actor=cast.alice, name="One more"))
    assert error.code == "plan_sets"
    assert use_of(account, Resource.SETS).words == "2 of 2 Social Sets"


def test_an_invitation_takes_a_place_until_it_is_taken_back(cast, on, asked):
    """Alice, Bob and Mira who is invited: three of Starter's two stay, a fourth not."""
    asked("mira@example.org")
    account = on("starter")
    assert use_of(account, Resource.PEOPLE).used == 3
    error = refused(lambda: asked("noor@example.org"))
    assert (error.code, "2 people, and 3 are in use" in error.message) == (
        "plan_people",
        True,
    )


def test_a_colleague_gets_another_group_whatever_the_plan(cast, on, asked, second):
    on("free")
    asked("bob@example.org", grants={second: Role.MEMBER})
    assert second.memberships.filter(user=cast.bob).exists()


def test_storage_is_told_in_gigabytes(cast, on):
    MediaItemFactory(group=cast.group, size=400_000_000)
    account = on("free")
    assert use_of(account, Resource.STORAGE).words == "0.4 of 1 GB"
    require_room(account, Resource.STORAGE, GB - 400_000_000)
    error = refused(lambda: require_room(account, Resource.STORAGE, GB))
    assert "room for 1 GB, and 0.4 are in use" in error.message


def test_another_accounts_rows_are_not_counted(cast, on):
    MediaItemFactory(group=cast.charlies_group, size=GB)
    assert use_of(on("free"), Resource.STORAGE).used == 0


def test_a_smaller_plan_takes_nothing_away(cast, on):
    """R-B7: what is over it stays and works."""
    account = on("unlimited")
    create_group(account=account, actor=cast.alice, name="Second")
    on("free")
    use = use_of(account, Resource.GROUPS)
    assert (use.used, use.most, use.full) == (2, 1, True)


def test_an_unknown_default_stops_the_boot(monkeypatch):
    monkeypatch.setenv("DEFAULT_PLAN", "platinum")
    with pytest.raises(ImproperlyConfigured, match="must be one of free, starter"):
        env.choice("DEFAULT_PLAN", "free", PLANS)
