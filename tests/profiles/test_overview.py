"""Social Sets & Access Groups over all groups of a person: order, search, cost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.actions.groups import create_group
from accounts.models import Membership, Role
from core import clock
from profiles.actions.sets import create_set
from profiles.models import SocialProfile
from profiles.overview import SETS, narrowing, overview
from profiles.states import ConnectionState as S
from tests.factories import ProfileFactory

PLATFORMS = ("orbit", "kite", "pigeon")


def filled(social_set, platform="orbit", state=S.CONNECTED, **fields):
    return ProfileFactory(
        group=social_set.group,
        social_set=social_set,
        platform=platform,
        connection__state=state,
        **fields,
    )


@pytest.fixture
def group_of(cast):
    """A further group of Alice's account, with one Social Set."""

    def make(name):
        account = cast.group.account
        group = create_group(account=account, actor=cast.alice, name=name)
        return create_set(group=group, actor=cast.alice, name=f"{name}'s set")

    return make


@pytest.fixture
def look(cast):
    def read(words="", show="", page="", user=None):
        narrowed = narrowing(words, show)
        return overview(user or cast.alice, cast.group, narrowed, page)

    return read


def names(found):
    return [card.name for card in found.groups]


def shown(found):
    return [
        slot.label
        for card in found.groups
        for held in card.sets
        for slot in held.filled
    ]


def url(cast, query=""):
    address = reverse("profiles:settings", kwargs={"group_id": cast.group.pk})
    return f"{address}{query}"


def test_the_addresses_own_group_stands_first_then_the_broken_ones(look, group_of):
    """R-B3: what needs somebody is not to be searched for."""
    filled(group_of("Anna"))
    filled(group_of("Zoe"), state=S.REFRESH_NEEDED)
    found = look()
    assert names(found) == ["Alice Studio", "Zoe", "Anna"]
    assert [card.attention for card in found.groups] == [0, 1, 0]


def test_broken_ones_come_first_in_a_set(look, cast):
    filled(cast.social_set, "orbit")
    filled(cast.social_set, "kite", S.REFRESH_NEEDED)
    filled(cast.social_set, "pigeon", S.PERMISSIONS_MISSING)
    (card,) = look().groups
    (held,) = card.sets
    assert [slot.platform for slot in held.filled] == ["kite", "pigeon", "orbit"]
    assert held.attention == 2


def test_groups_of_others_are_not_there(look, cast):
    """R-B1."""
    assert "Charlie & Co" not in names(look())
    Membership.objects.create(user=cast.alice, group=cast.charlies_group)
    assert "Charlie & Co" in names(look())


def test_a_group_without_a_set_says_so(look, cast, alice):
    create_group(account=cast.group.account, actor=cast.alice, name="New one")
    assert look().groups[1].sets == []
    assert b"No Social Set yet." in alice.get(url(cast)).content


def test_each_group_has_the_persons_own_rights(look, cast, group_of):
    place = group_of("Harbour")
    Membership.objects.create(user=cast.bob, group=place.group, role=Role.VIEWER)
    found = look(user=cast.bob)
    assert [card.allowed for card in found.groups] == [True, False]


@pytest.mark.parametrize("words", ["maya", "@MAYA", "Maya Cooks", "main street"])
def test_a_profile_is_found_by_name_handle_and_address(look, cast, group_of, words):
    place = group_of("Harbour")
    filled(place, name="Maya Cooks", handle="maya.cooks", address="1 Main Street @maya")
    filled(place, "kite", name="Other", handle="other")
    found = look(words)
    assert (names(found), shown(found)) == (["Harbour"], ["@maya.cooks"])


@pytest.mark.parametrize("words", ["harbour", "harbour's set"])
def test_a_group_or_set_is_found_whole(look, group_of, words):
    place = group_of("Harbour")
    filled(place)
    filled(place, "kite")
    found = look(words)
    assert len(shown(found)) == 2
    assert found.groups[0].sets[0].empty == []


def test_of_several_sets_only_those_that_are_meant(look, cast, group_of):
    place = group_of("Harbour")
    for name in ("North", "South"):
        other = create_set(group=place.group, actor=cast.alice, name=name)
        filled(other, state=S.EXPIRING, name=f"Profile of {name}")
    found = look("north")
    (card,) = found.groups
    assert [held.social_set.name for held in card.sets] == ["North"]
    assert found.page.paginator.count == 1
    assert len(shown(look("harbour", "attention"))) == 2


def test_only_what_needs_attention(look, cast, group_of):
    """R-B3."""
    filled(cast.social_set)
    broken = filled(group_of("Harbour"), state=S.EXPIRING)
    found = look(show="attention")
    assert (shown(found), found.attention) == ([broken.label], 1)


def test_disconnected_ones_are_there_on_demand(look, cast, alice):
    """R-D8: their history can be found."""
    old = filled(cast.social_set, state=S.DISCONNECTED)
    SocialProfile.objects.update(removed_at=clock.now())
    assert shown(look()) == []
    found = look(show="gone")
    assert (shown(found), found.groups[0].sets[0].attention) == ([old.label], 0)
    page = alice.get(url(cast, "?show=gone")).content.decode()
    assert reverse("profiles:profile", args=[cast.group.pk, old.pk]) in page
    assert f"/{old.pk}/disconnect/" not in page


@pytest.mark.parametrize("query", ["?q=nobody", "?show=attention", "?show=gone"])
def test_nothing_found_is_said_with_a_way_back(alice, cast, query):
    page = alice.get(url(cast, query)).content.decode()
    assert "Show all" in page


def test_odd_addresses_show_everything(look, cast):
    filled(cast.social_set)
    assert len(shown(look(show="nonsense", page="minus one"))) == 1
    assert narrowing("x" * 500, "").words == "x" * 100


def test_percent_and_underscore_are_letters(look, cast):
    """R-I5: no wildcard of the database's."""
    filled(cast.social_set, handle="a_b")
    filled(cast.social_set, "kite", handle="axb")
    assert shown(look("a_b")) == ["@a_b"]


def test_pages_hold_every_set_once(look, cast):
    for number in range(SETS + 2):
        create_set(group=cast.group, actor=cast.alice, name=f"Set {number}")
    first, second = look(page="1"), look(page="2")
    seen = [s.social_set.pk for f in (first, second) for c in f.groups for s in c.sets]
    assert len(seen) == len(set(seen)) == SETS + 3
    assert names(second) == ["Alice Studio"]


def test_the_next_page_keeps_the_search(alice, cast):
    for number in range(SETS + 2):
        place = create_set(group=cast.group, actor=cast.alice, name=f"Set {number}")
        filled(place, state=S.EXPIRING)
    page = alice.get(url(cast, "?q=set&show=attention")).content.decode()
    assert "?q=set&amp;show=attention&amp;page=2" in page


def test_htmx_gets_the_list_alone_and_going_back_the_page(alice, cast):
    part = alice.get(url(cast), headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert "HX-Request" in part.headers["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in alice.get(url(cast), headers=restored).content


def test_thirty_groups_cost_no_more_than_one(
    alice, cast, group_of, django_assert_max_num_queries
):
    """R-B3, the promised bar: at most 12 queries, whatever is looked for."""
    for number in range(30):
        place = group_of(f"Group {number}")
        for platform in PLATFORMS:
            filled(place, platform, S.REFRESH_NEEDED if number % 5 else S.CONNECTED)
    for query in ("", "?q=group", "?show=attention", "?q=a&page=2", "?show=gone"):
        with django_assert_max_num_queries(12):
            assert alice.get(url(cast, query)).status_code == 200
