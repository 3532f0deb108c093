"""Moving a profile to another Social Set or Access Group of its account (R-B5)."""

from __future__ import annotations

import pytest

from accounts.actions.groups import create_group
from accounts.models import Membership, Role
from core import clock
from core.errors import DomainError
from profiles.actions.relocate import relocate
from profiles.actions.remove import remove
from profiles.actions.sets import create_set
from profiles.models import Connection, Journey, SocialProfile, SocialSet
from profiles.moving import outlook, places
from profiles.states import ConnectionState as S
from tests.factories import ProfileFactory


@pytest.fixture
def held(way) -> SocialProfile:
    return way.connected().profile


@pytest.fixture
def second(cast) -> SocialSet:
    return create_set(group=cast.group, actor=cast.alice, name="Second")


@pytest.fixture
def harbour(cast) -> SocialSet:
    group = create_group(account=cast.group.account, actor=cast.alice, name="Harbour")
    return create_set(group=group, actor=cast.alice, name="There")


def row() -> SocialProfile:
    return SocialProfile.objects.get()


def address(profile, name="move") -> str:
    return f"/g/{profile.group_id}/settings/profiles/{profile.pk}/{name}/"


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_to_another_set_with_its_connection(held, second, cast):
    """R-B5: state, token and history stay as they are."""
    relocate(profile=held, to=second, actor=cast.bob)
    assert row().social_set == second
    connection = Connection.objects.get()
    assert (connection.state, connection.version) == (S.CONNECTED, 1)
    event = connection.events.all()[0]
    assert (event.cause, event.actor) == ("Moved from Alice to Second.", cast.bob)
    assert event.before == event.after == S.CONNECTED


def test_to_another_group_and_who_was_there_sees_it_no_more(held, harbour, cast):
    """R-B5, R-B1: Bob is in the old group only."""
    relocate(profile=held, to=harbour, actor=cast.alice)
    assert row().group == harbour.group
    assert not SocialProfile.objects.visible_to(cast.bob).exists()
    cause = Connection.objects.get().events.all()[0].cause
    assert cause == "Moved to There from another Access Group."


def test_a_taken_slot_refuses(held, second, cast):
    """R-B2: one profile a platform and set; nothing is changed."""
    ProfileFactory(group=cast.group, social_set=second, platform="orbit")
    with pytest.raises(DomainError) as caught:
        relocate(profile=held, to=second, actor=cast.alice)
    assert (caught.value.code, caught.value.field) == ("slot_taken", "to")
    assert SocialProfile.objects.get(pk=held.pk).social_set == cast.social_set


def test_another_account_is_no_place(held, cast):
    Membership.objects.create(user=cast.alice, group=cast.charlies_group)
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    with pytest.raises(DomainError) as caught:
        relocate(profile=held, to=theirs, actor=cast.alice)
    assert caught.value.code == "other_account"


def test_rights_are_needed_on_both_sides(held, harbour, cast):
    """R-A6: Bob may act here, and isn't even in the other group."""
    with pytest.raises(DomainError, match="Harbour"):
        relocate(profile=held, to=harbour, actor=cast.bob)
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    Membership.objects.create(user=cast.bob, group=harbour.group)
    with pytest.raises(DomainError, match="Alice Studio"):
        relocate(profile=held, to=harbour, actor=cast.bob)


def test_where_it_is_already_is_said(held, cast):
    with pytest.raises(DomainError, match="in Alice already"):
        relocate(profile=held, to=cast.social_set, actor=cast.alice)


def test_a_disconnected_one_stays(held, second, cast):
    remove(profile=held, actor=cast.alice)
    with pytest.raises(DomainError, match="disconnected meanwhile"):
        relocate(profile=held, to=second, actor=cast.alice)


def test_one_that_left_its_group_meanwhile_is_not_disconnected(held, harbour, cast):
    """Rights were judged for the group on the page."""
    stale = SocialProfile.objects.select_related("group").get(pk=held.pk)
    relocate(profile=held, to=harbour, actor=cast.alice)
    with pytest.raises(DomainError, match="another Access Group meanwhile"):
        remove(profile=stale, actor=cast.bob)
    assert Connection.objects.get().state == S.CONNECTED


def test_a_sign_in_that_began_at_the_old_place_ends(held, harbour, way, cast):
    begun = way.begin(profile=held)
    relocate(profile=held, to=harbour, actor=cast.alice)
    journey = Journey.objects.get(pk=begun.journey.pk)
    assert (journey.is_open, journey.sealed) == (False, "")


def test_signing_in_again_works_at_the_new_place(held, second, way, cast):
    relocate(profile=held, to=second, actor=cast.alice)
    connection = way.connected(profile=row(), social_set=second)
    assert connection.profile.social_set == second


def test_places_are_the_persons_own_and_of_the_account(held, second, harbour, cast):
    """R-B1: Bob doesn't learn that there is another group."""
    assert [place.name for place in places(held, cast.alice)] == ["Second", "There"]
    assert [place.name for place in places(held, cast.bob)] == ["Second"]


def test_a_filled_slot_can_not_be_chosen(held, second, cast, alice):
    ProfileFactory(group=cast.group, social_set=second, platform="orbit")
    assert "Second (slot taken)" in text(alice.get(address(held)))
    answer = alice.post(address(held), {"to": second.pk, "confirmed": "1"})
    assert answer.status_code == 409
    assert "That slot has a profile of this platform already." in text(answer)


def test_the_warning_comes_before_the_move(held, harbour, cast, alice):
    """R-B5: only a confirmed one moves."""
    page = text(alice.post(address(held), {"to": harbour.pk}))
    assert "To There, Harbour" in page
    assert "Bob loses sight of @person1 and its posts at once." in page
    assert row().group == cast.group
    answer = alice.post(address(held), {"to": harbour.pk, "confirmed": "1"})
    assert answer.url == f"/g/{harbour.group_id}/settings/profiles/{held.pk}/"
    assert row().group == harbour.group


def test_within_the_group_nobody_loses_sight(held, second):
    assert not outlook(held, second).across


def test_many_who_lose_sight_are_counted(held, harbour, cast):
    for name in ("Vera", "Will", "Xena"):
        user = type(cast.bob).objects.create_user(f"{name}@example.org", name=name)
        Membership.objects.create(user=user, group=cast.group)
    first = outlook(held, harbour).lines[0]
    assert first.startswith("Bob, Vera, Will and 1 other lose sight")


def test_a_foreign_set_in_the_form_is_refused(held, cast, alice):
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    answer = alice.post(address(held), {"to": theirs.pk, "confirmed": "1"})
    assert answer.status_code == 409
    assert row().group == cast.group


def test_the_page_tells_its_history_newest_first(held, second, cast, alice):
    """R-D1: cause, time and who."""
    relocate(profile=held, to=second, actor=cast.bob)
    page = text(alice.get(f"/g/{cast.group.pk}/settings/profiles/{held.pk}/"))
    assert 'Moved from Alice to Second. <span class="quiet">By Bob.</span>' in page
    assert page.index("Moved from Alice") < page.index("Connected. <span")


def test_history_is_read_page_by_page(held, cast, alice):
    for number in range(60):
        held.connection.events.create(after="connected", cause=f"Cause {number}.")
    url = f"/g/{cast.group.pk}/settings/profiles/{held.pk}/"
    assert "Cause 59." in text(alice.get(url))
    assert "Cause 3." not in text(alice.get(url))
    assert "Cause 3." in text(alice.get(f"{url}?page=2"))


def test_the_history_of_a_disconnected_one_stays(held, cast, alice):
    """R-D8."""
    remove(profile=held, actor=cast.alice)
    SocialProfile.objects.update(removed_at=clock.now())
    page = text(alice.get(f"/g/{cast.group.pk}/settings/profiles/{held.pk}/"))
    assert "Disconnected on" in page
    assert "Connect again" in page


def test_strangers_find_nothing(held, cast, client):
    client.force_login(cast.charlie)
    for name in ("move", "disconnect"):
        assert client.get(address(held, name)).status_code == 404
