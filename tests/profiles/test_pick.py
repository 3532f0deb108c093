"""Identities into slots: rights compared, places found, the wrong ones refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from accounts.actions.groups import create_group
from accounts.models import Membership, Role
from core import clock
from core.errors import DomainError
from profiles.actions.pick import Choice, automatic, pick
from profiles.actions.places import NEW
from profiles.actions.remove import remove
from profiles.actions.sets import create_set
from profiles.errors import JourneyRefused
from profiles.models import Connection, Journey, SocialProfile, SocialSet
from profiles.offers import offers_of
from profiles.states import ConnectionState as S
from tests.profiles.fakes import in_days, person


def test_a_picked_identity_is_connected_with_its_facts(way, cast, orbit):
    orbit.people = (
        person("1", picture_url="https://cdn.example/1.jpg", address="1 High Street"),
    )
    connection = way.connected()
    profile = connection.profile
    assert (profile.name, profile.handle, profile.role) == (
        "Person 1",
        "person1",
        "Owner",
    )
    assert profile.picture_url == "https://cdn.example/1.jpg"
    assert profile.address == "1 High Street"
    assert profile.social_set == cast.social_set
    assert profile.account == cast.group.account
    assert connection.state == S.CONNECTED
    assert connection.connected_by == cast.alice
    assert connection.token() == orbit.token


def test_a_picture_that_is_no_web_address_is_left_out(way, orbit):
    orbit.people = (person("1", picture_url="javascript:alert(1)"),)
    assert way.connected().profile.picture_url == ""


def test_the_history_begins_with_who_connected(way, cast):
    event = way.connected().events.get()
    assert (event.before, event.after) == ("disconnected", "connected")
    assert event.actor == cast.alice


def test_a_permission_left_out_is_named_and_the_profile_kept(way, orbit):
    """R-C4: Permissions missing, with the names; nothing fails silently later."""
    orbit.granted = ("read", "figures")
    connection = way.connected()
    assert connection.state == S.PERMISSIONS_MISSING
    assert connection.missing == ["write"]
    assert connection.granted == ["read", "figures"]
    assert connection.cause == "1 permission was not given at Orbit."
    assert connection.profile.removed_at is None


def test_signing_in_again_with_every_permission_heals(way, orbit):
    """R-C4: Review permissions leads back to Connected."""
    orbit.granted = ("read",)
    profile = way.connected().profile
    orbit.granted = ("read", "write", "figures")
    connection = way.connected(profile=profile, again=True)
    assert connection.state == S.CONNECTED
    assert connection.missing == []
    assert connection.version == 2


def test_where_connecting_is_not_enough_an_enable_step_follows(way):
    """R-C9: a platform that declares it doesn't publish by itself yet."""
    connection = way.connected("kite")
    assert connection.state == S.ENABLE_NEEDED
    assert connection.auto_publish_at is None


def test_enabled_once_a_later_sign_in_does_not_ask_again(way):
    profile = way.connected("kite").profile
    Connection.objects.update(auto_publish_at=clock.now())
    assert way.connected("kite", profile=profile).state == S.CONNECTED


def test_a_refused_identity_can_not_be_chosen(way, orbit):
    """R-C6, R-C7: it says why, and nothing is created."""
    orbit.people = (person("1", refused="Personal accounts can't be connected."),)
    (result,) = way.pick(way.arrived(), "id-1")
    assert result.problem == "Personal accounts can't be connected."
    assert not SocialProfile.objects.exists()


def test_an_identity_that_was_not_offered_can_not_be_smuggled_in(way):
    (result,) = way.pick(way.arrived(), "id-of-somebody-else")
    assert result.code == "not_offered"
    assert not SocialProfile.objects.exists()


def test_nothing_chosen_is_said(way):
    with pytest.raises(DomainError) as caught:
        way.pick(way.arrived())
    assert caught.value.code == "nothing_chosen"


def test_several_fill_free_sets_and_then_new_ones(way, cast, orbit):
    """R-C5: several at once; R-B2: one slot each."""
    orbit.people = tuple(person(n) for n in "123")
    spare = create_set(group=cast.group, actor=cast.alice, name="Spare")
    results = way.pick(way.arrived(), "id-1", "id-2", "id-3")
    assert all(result.connected for result in results)
    sets = [
        SocialProfile.objects.get(external_id=f"id-{n}").social_set for n in (1, 2, 3)
    ]
    assert sets[:2] == [cast.social_set, spare]
    assert sets[2].name == "Person 3"


def test_each_can_be_sent_to_a_set_of_its_own(way, cast, orbit):
    orbit.people = (person("1"), person("2"))
    spare = create_set(group=cast.group, actor=cast.alice, name="Spare")
    way.pick(way.arrived(), "id-1", "id-2", id1=str(spare.pk), id2=NEW)
    assert SocialProfile.objects.get(external_id="id-1").social_set == spare
    assert SocialProfile.objects.get(external_id="id-2").social_set.name == "Person 2"


def test_two_for_one_slot_are_told_and_the_first_stays(way, cast, orbit):
    orbit.people = (person("1"), person("2"))
    place = str(cast.social_set.pk)
    first, second = way.pick(way.arrived(), "id-1", "id-2", id1=place, id2=place)
    assert first.connected
    assert second.code == "slot_taken"
    assert "already holds @person1" in second.problem


def test_a_set_of_another_group_is_no_place(way, cast):
    foreign = cast.charlies_group
    theirs = SocialSet.objects.create(group=foreign, name="Theirs")
    (result,) = way.pick(way.arrived(), "id-1", id1=str(theirs.pk))
    assert result.code == "set_unknown"
    assert not theirs.profiles.exists()


def test_a_failed_identity_leaves_no_empty_set_behind(way, cast, orbit):
    orbit.people = (person("1"), person("2"))
    way.pick(way.arrived(), "id-1")
    spare = create_set(group=cast.group, actor=cast.alice, name="Spare")
    before = SocialSet.objects.count()
    journey = way.arrived(social_set=spare)
    (result,) = way.pick(journey, "id-1", id1=NEW)
    assert result.code == "connected_elsewhere"
    assert SocialSet.objects.count() == before


def test_elsewhere_in_the_same_group_names_the_set(way, cast):
    way.connected()
    spare = create_set(group=cast.group, actor=cast.alice, name="Spare")
    (result,) = way.pick(way.arrived(social_set=spare), "id-1", id1=str(spare.pk))
    assert "in the Social Set Alice" in result.problem


def test_elsewhere_in_another_account_names_nobody(way, cast):
    """R-B6: one account at a time; the other one is not named."""
    way.connected()
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    journey = way.arrived(social_set=theirs, actor=cast.charlie)
    (result,) = pick(journey=journey, choices=[Choice("id-1")], actor=cast.charlie)
    assert result.code == "connected_elsewhere"
    assert result.problem.startswith("This profile is already connected elsewhere.")
    assert "Alice" not in result.problem
    assert SocialProfile.objects.count() == 1


def test_elsewhere_in_another_group_of_the_account_is_refused_too(way, cast):
    """R-B6: and in one set."""
    way.connected()
    group = create_group(account=cast.group.account, actor=cast.alice, name="Second")
    second = create_set(group=group, actor=cast.alice, name="Second")
    (result,) = way.pick(way.arrived(social_set=second), "id-1")
    assert result.code == "connected_elsewhere"


def test_disconnected_there_it_can_be_connected_here(way, cast):
    """R-B6: it moves on only when it was let go."""
    profile = way.connected().profile
    remove(profile=profile, actor=cast.alice)
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    journey = way.arrived(social_set=theirs, actor=cast.charlie)
    (result,) = pick(journey=journey, choices=[Choice("id-1")], actor=cast.charlie)
    assert result.connected
    assert result.profile_id != str(profile.pk)


def test_connecting_again_in_the_group_revives_the_row_and_its_history(way, cast):
    connection = way.connected()
    remove(profile=connection.profile, actor=cast.alice)
    again = way.connected()
    assert again.pk == connection.pk
    assert again.state == S.CONNECTED
    assert again.profile.removed_at is None
    causes = [event.cause for event in again.events.all()]
    assert causes == ["Connected.", "Disconnected.", "Connected."]


def test_the_wrong_person_on_refresh_overwrites_nothing(way, orbit):
    """R-C10: you signed in as @b, this slot is @a."""
    connection = way.connected()
    orbit.people = (person("2"),)
    orbit.token = replace(orbit.token, access="canary-of-somebody-else")
    (result,) = way.pick(way.arrived(profile=connection.profile), "id-2")
    assert result.code == "wrong_identity"
    assert "You signed in as @person2; this slot is @person1." in result.problem
    connection.refresh_from_db()
    assert connection.version == 1
    assert connection.token().access == "canary-access-token"
    assert connection.profile.external_id == "id-1"


def test_the_slots_own_identity_needs_no_choosing_among_many(way, orbit):
    profile = way.connected().profile
    orbit.people = tuple(person(n) for n in "213")
    journey = way.arrived(profile=profile)
    choice = automatic(journey, offers_of(journey))
    assert choice == Choice("id-1", str(journey.social_set_id))


def test_a_single_identity_needs_no_choosing(way):
    journey = way.arrived()
    assert automatic(journey, offers_of(journey)) == Choice(
        "id-1", str(journey.social_set_id)
    )


def test_of_several_a_person_chooses(way, orbit):
    orbit.people = (person("1"), person("2"))
    journey = way.arrived()
    assert automatic(journey, offers_of(journey)) is None


def test_a_refused_one_is_shown_not_taken(way, orbit):
    orbit.people = (person("1", refused="Personal."),)
    journey = way.arrived()
    assert automatic(journey, offers_of(journey)) is None


def test_new_facts_come_with_a_new_sign_in(way, orbit):
    profile = way.connected().profile
    orbit.people = (person("1", handle="renamed"),)
    way.connected(profile=profile)
    assert SocialProfile.objects.get().handle == "renamed"


def test_each_identity_gets_its_own_token(way, orbit):
    own = replace(orbit.token, access="canary-page-token")
    orbit.people = (person("1", token=own), person("2"))
    way.pick(way.arrived(), "id-1", "id-2", id2=NEW)
    tokens = {c.profile.external_id: c.token().access for c in Connection.objects.all()}
    assert tokens == {"id-1": "canary-page-token", "id-2": "canary-access-token"}


def test_a_refresh_is_planned_ahead_of_the_end(way, orbit):
    """R-D3: ten days before, up to a tenth of that earlier."""
    orbit.token = replace(orbit.token, expires_at=in_days(60))
    connection = way.connected()
    ahead = connection.expires_at - connection.refresh_at
    assert timedelta(days=10) <= ahead <= timedelta(days=11)


def test_a_short_lived_token_is_not_refreshed_without_end(way, orbit):
    orbit.token = replace(orbit.token, expires_at=in_days(1))
    connection = way.connected()
    assert connection.refresh_at > clock.now() + timedelta(hours=11)


def test_a_finished_journey_holds_no_token_and_is_not_used_again(way, orbit):
    orbit.people = (person("1"), person("2"))
    journey = way.arrived()
    way.pick(journey, "id-1")
    assert Journey.objects.get().sealed == ""
    with pytest.raises(JourneyRefused):
        way.pick(journey, "id-2")


def test_a_failed_choice_can_be_made_otherwise(way, cast, orbit):
    orbit.people = (person("1"), person("2"))
    journey = way.arrived()
    (failed,) = way.pick(journey, "id-1", id1="00000000-0000-0000-0000-000000000000")
    assert not failed.connected
    (result,) = way.pick(journey, "id-1")
    assert result.connected


def test_a_late_choice_is_refused(way):
    journey = way.arrived()
    with (
        time_machine.travel(clock.now() + timedelta(minutes=16)),
        pytest.raises(JourneyRefused),
    ):
        way.pick(journey, "id-1")


def test_who_lost_the_right_meanwhile_connects_nothing(way, cast):
    journey = way.arrived()
    Membership.objects.filter(user=cast.alice).update(role=Role.VIEWER)
    with pytest.raises(DomainError) as caught:
        way.pick(journey, "id-1")
    assert caught.value.code == "may_not_connect"


def test_results_are_told_for_each(way, orbit):
    orbit.people = (person("1"), person("2", refused="No right."))
    journey = way.arrived()
    way.pick(journey, "id-1", "id-2")
    told = Journey.objects.get(pk=journey.pk).results
    assert [bool(result["profile_id"]) for result in told] == [True, False]
    assert told[1]["problem"] == "No right."
    assert "canary" not in str(told)


def test_new_sets_of_one_name_are_told_apart(way, orbit):
    """R-C5: two stores of one name are two sets with names of their own."""
    orbit.people = (
        person("1", name="Corner Bakery"),
        person("2", name="Corner Bakery"),
        person("3", name="Corner Bakery"),
    )
    way.pick(
        way.arrived(),
        "id-1",
        "id-2",
        "id-3",
        **dict.fromkeys(("id1", "id2", "id3"), NEW),
    )
    names = {each.social_set.name for each in SocialProfile.objects.all()}
    assert names == {"Corner Bakery", "Corner Bakery 2", "Corner Bakery 3"}
