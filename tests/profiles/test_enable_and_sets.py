"""The Enable step, and Social Sets."""

from __future__ import annotations

import pytest

from accounts.models import Membership, Role
from core.errors import DomainError
from platforms import registry
from platforms.errors import AuthExpired, PermissionMissing, Unavailable
from profiles.actions.enable import enable
from profiles.actions.sets import create_set, delete_set, rename_set
from profiles.actions.trouble import note_trouble
from profiles.models import Connection, SocialSet
from profiles.rights import may_publish
from profiles.states import ConnectionState as S
from tests.profiles.fakes import person


def test_enabling_ends_in_connected(way, cast):
    """R-C9: a Connected state shows the end."""
    held = way.connected("kite")
    enable(profile=held.profile, actor=cast.bob)
    row = Connection.objects.get()
    assert row.state == S.CONNECTED
    assert row.auto_publish_at is not None
    event = row.events.all()[0]
    assert (event.cause, event.actor) == ("Auto Publish was turned on.", cast.bob)


def test_a_second_press_changes_nothing(way, cast):
    held = way.connected("kite")
    enable(profile=held.profile, actor=cast.alice)
    enable(profile=held.profile, actor=cast.alice)
    assert held.events.count() == 2


def test_what_is_broken_is_mended_first(way, cast):
    held = way.connected("kite")
    note_trouble(held.pk, AuthExpired("Ended."))
    with pytest.raises(DomainError) as caught:
        enable(profile=held.profile, actor=cast.alice)
    assert caught.value.code == "not_ready"


def test_who_may_only_look_enables_nothing(way, cast):
    held = way.connected("kite")
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    with pytest.raises(DomainError):
        enable(profile=held.profile, actor=cast.bob)
    assert Connection.objects.get().state == S.ENABLE_NEEDED


def test_a_set_is_created_and_renamed(cast):
    made = create_set(group=cast.group, actor=cast.bob, name="  North \n Studio ")
    assert made.name == "North Studio"
    rename_set(social_set=made, actor=cast.bob, name="South")
    assert SocialSet.objects.get(pk=made.pk).name == "South"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_senseless_name_is_told_beside_its_field(cast, name):
    with pytest.raises(DomainError) as caught:
        create_set(group=cast.group, actor=cast.alice, name=name)
    assert caught.value.field == "name"


def test_an_empty_set_can_be_deleted_but_not_the_last(cast):
    made = create_set(group=cast.group, actor=cast.alice, name="Spare")
    delete_set(social_set=made, actor=cast.alice)
    with pytest.raises(DomainError) as caught:
        delete_set(social_set=cast.social_set, actor=cast.alice)
    assert caught.value.code == "last_set"


def test_a_set_with_profiles_stays(way, cast):
    create_set(group=cast.group, actor=cast.alice, name="Spare")
    way.connected()
    with pytest.raises(DomainError) as caught:
        delete_set(social_set=cast.social_set, actor=cast.alice)
    assert caught.value.code == "set_in_use"


@pytest.mark.parametrize("act", ["create", "rename", "delete"])
def test_strangers_and_viewers_change_no_sets(cast, act):
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    acts = {
        "create": lambda who: create_set(group=cast.group, actor=who, name="X"),
        "rename": lambda who: rename_set(
            social_set=cast.social_set, actor=who, name="X"
        ),
        "delete": lambda who: delete_set(social_set=cast.social_set, actor=who),
    }
    for who in (cast.bob, cast.charlie):
        with pytest.raises(DomainError) as caught:
            acts[act](who)
        assert caught.value.code == "may_not_connect"


def test_an_obstacle_at_the_platform_keeps_it_off_and_says_how_to_mend(
    way, cast, kite, monkeypatch
):
    """R-C8: still *Enable needed*, with the explanation as its cause."""
    held = way.connected("kite")
    words = "Post one public video first."
    monkeypatch.setattr(kite, "obstacle", lambda token, profile: words)
    with pytest.raises(DomainError, match="Post one public video first"):
        enable(profile=held.profile, actor=cast.alice)
    row = Connection.objects.get()
    assert (row.state, row.cause) == (S.ENABLE_NEEDED, words)
    assert row.auto_publish_at is None
    monkeypatch.setattr(kite, "obstacle", lambda token, profile: "")
    enable(profile=held.profile, actor=cast.alice)
    assert Connection.objects.get().state == S.CONNECTED


def test_an_obstacle_known_from_the_sign_in_is_told_at_once(way, kite):
    """R-C8."""
    kite.people = (person("1", obstacle="Post one public video first."),)
    held = way.connected("kite")
    assert (held.state, held.cause) == (
        S.ENABLE_NEEDED,
        "Post one public video first.",
    )


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Unavailable("Kite is away."), S.ENABLE_NEEDED),
        (AuthExpired("Kite ended it."), S.REFRESH_NEEDED),
        (PermissionMissing("Not allowed.", ("write",)), S.PERMISSIONS_MISSING),
    ],
)
def test_trouble_while_asking_enables_nothing(
    way, cast, kite, monkeypatch, trouble, state
):
    """R-D8: noticed at this call, too."""

    def fail(token, profile):
        raise trouble

    held = way.connected("kite")
    monkeypatch.setattr(kite, "obstacle", fail)
    with pytest.raises(DomainError) as caught:
        enable(profile=held.profile, actor=cast.alice)
    assert caught.value.message == trouble.message
    assert Connection.objects.get().state == state


def test_a_left_out_extra_does_not_skip_the_enable_step(way, cast):
    """R-C4, R-C9: nothing goes out before Auto Publish is on, whatever is missing."""
    held = way.connected("kite")
    note_trouble(held.pk, PermissionMissing("Kite took figures away.", ("figures",)))
    row = Connection.objects.get()
    assert (row.state, row.missing) == (S.ENABLE_NEEDED, ["figures"])
    assert not may_publish(registry.get("kite"), row)
    enable(profile=held.profile, actor=cast.alice)
    row.refresh_from_db()
    assert (row.state, row.missing) == (S.PERMISSIONS_MISSING, ["figures"])
    assert may_publish(registry.get("kite"), row)
