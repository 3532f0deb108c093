"""Access withdrawn on the platform's side, told over real HTTP by the sandbox (R-D8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from profiles.models import Concern, ConnectionEvent, SocialProfile
from profiles.states import ConnectionState as S
from publishing.actions.check import refusal
from scheduling.states import TargetState
from tests.callbacks.conftest import Wire, connection_of
from tests.factories import PostFactory, TargetFactory

pytestmark = pytest.mark.django_db(transaction=True)

BY_FACEBOOK = {"login": "facebook_login"}
BY_INSTAGRAM = {"login": "instagram_login"}


def person(wire: Wire, name: str = "Mara") -> str:
    """Somebody at Facebook, by their id."""
    return str(wire.sandbox.identity("facebook", kind="person", name=name)["id"])


def account(wire: Wire) -> dict:
    return wire.sandbox.identity("instagram", handle="mara.bakes")


def page(wire: Wire, number: int, login_id: str) -> SocialProfile:
    data = {**BY_FACEBOOK, "login_id": login_id}
    return wire.connected("facebook", f"page-{number}", data=data)


def state_of(profile: SocialProfile) -> str:
    return connection_of(profile).state


def test_a_person_who_removed_the_app_takes_all_pages_along(wire):
    """Three Pages and an Instagram account of one login; nobody else's."""
    mara, other = person(wire), person(wire, "Otto")
    pages = [page(wire, number, mara) for number in (1, 2, 3)]
    data = {**BY_FACEBOOK, "login_id": mara}
    pages.append(wire.connected("instagram", "ig-1", data=data))
    strangers = page(wire, 4, other)
    (answer,) = wire.call("facebook", mara, "deauthorize")
    assert (answer["status"], answer["body"]) == (200, "{}")
    assert {state_of(each) for each in pages} == {S.REFRESH_NEEDED}
    assert state_of(strangers) == S.CONNECTED


def test_the_token_is_destroyed_and_the_cause_is_in_the_history(wire):
    mara = person(wire)
    profile = page(wire, 1, mara)
    wire.call("facebook", mara, "deauthorize")
    row = connection_of(profile)
    assert (row.sealed, row.farewell, row.refresh_at, row.expires_at) == (
        "",
        "",
        None,
        None,
    )
    event = ConnectionEvent.objects.get(connection=row)
    assert event.cause.startswith("Access for Later was removed at Facebook.")
    assert (event.before, event.after) == (S.CONNECTED, S.REFRESH_NEEDED)


def test_said_twice_it_is_told_once(wire):
    """Replayed and delivered again: one entry, one notice."""
    mara = person(wire)
    profile = page(wire, 1, mara)
    answers = wire.call("facebook", mara, "deauthorize", times=3)
    assert [answer["status"] for answer in answers] == [200, 200, 200]
    assert ConnectionEvent.objects.count() == 1
    assert Concern.objects.filter(connection__profile=profile).count() == 1


def test_a_renewal_that_was_under_way_is_void(wire):
    """Its answer is written over the version it was made from only."""
    mara = person(wire)
    profile = page(wire, 1, mara)
    before = connection_of(profile).version
    wire.call("facebook", mara, "deauthorize")
    assert connection_of(profile).version == before + 1


def test_a_late_word_says_nothing_of_a_newer_sign_in(wire):
    mara = person(wire)
    profile = page(wire, 1, mara)
    wire.call("facebook", mara, "deauthorize", age_s=60)
    assert state_of(profile) == S.CONNECTED
    connection_of(profile).token()


@pytest.mark.parametrize("secret", ["", "wrong", "canary-instagram-app-secret"])
def test_a_forged_call_changes_nothing(wire, secret):
    """Not even with the secret of our other app."""
    mara = person(wire)
    profile = page(wire, 1, mara)
    (answer,) = wire.call("facebook", mara, "deauthorize", secret=secret)
    assert answer["status"] == 400
    assert "signed" in answer["body"]
    assert state_of(profile) == S.CONNECTED


def test_an_old_recording_is_refused(wire):
    mara = person(wire)
    page(wire, 1, mara)
    (answer,) = wire.call("facebook", mara, "deauthorize", age_s=90_000)
    assert answer["status"] == 400


def test_instagrams_own_app_speaks_of_its_own_sign_ins(wire):
    found = account(wire)
    scoped = found["extra"]["app_scoped_id"]
    own = {**BY_INSTAGRAM, "app_scoped_id": scoped}
    profile = wire.connected("instagram", found["id"], data=own)
    (answer,) = wire.call("instagram", found["id"], "deauthorize")
    assert answer["status"] == 200
    assert state_of(profile) == S.REFRESH_NEEDED


def test_it_says_nothing_of_a_sign_in_through_facebook(wire):
    found = account(wire)
    data = {**BY_FACEBOOK, "app_scoped_id": found["extra"]["app_scoped_id"]}
    profile = wire.connected("instagram", found["id"], data=data)
    wire.call("instagram", found["id"], "deauthorize")
    assert state_of(profile) == S.CONNECTED


def test_tiktok_tells_who_disconnected(wire):
    """Sheet cases 12 and 13: once for two deliveries, and its queue is held."""
    found = wire.sandbox.identities("tiktok")[0]
    profile = wire.connected("tiktok", found["id"], handle=found["handle"])
    answers = wire.call(
        "tiktok", found["id"], "authorization.removed", address="webhook", times=2
    )
    assert [answer["status"] for answer in answers] == [200, 200]
    assert state_of(profile) == S.REFRESH_NEEDED
    assert ConnectionEvent.objects.count() == 1


@pytest.mark.parametrize("wish", [{"secret": "wrong"}, {"age_s": 600}])
def test_a_forged_or_old_webhook_changes_nothing(wire, wish):
    found = wire.sandbox.identities("tiktok")[0]
    profile = wire.connected("tiktok", found["id"])
    (answer,) = wire.call(
        "tiktok", found["id"], "authorization.removed", address="webhook", **wish
    )
    assert (answer["status"], state_of(profile)) == (400, S.CONNECTED)


def test_tiktoks_other_events_are_taken_quietly(wire):
    found = wire.sandbox.identities("tiktok")[0]
    profile = wire.connected("tiktok", found["id"])
    (answer,) = wire.call(
        "tiktok", found["id"], "post.publish.complete", address="webhook"
    )
    assert (answer["status"], state_of(profile)) == (200, S.CONNECTED)


def test_posts_wait_until_somebody_signs_in_again(wire):
    """R-D6: untouched, and held at their time."""
    mara = person(wire)
    data = {**BY_FACEBOOK, "login_id": mara}
    profile = wire.connected("instagram", "ig-1", data=data)
    post = PostFactory(group=wire.cast.group, author=wire.cast.alice)
    soon = clock.now() + timedelta(minutes=1)
    target = TargetFactory(post=post, profile=profile, kind="image", due_at=soon)
    wire.call("facebook", mara, "deauthorize")
    target.refresh_from_db()
    found = refusal(target)
    assert target.state == TargetState.SCHEDULED
    assert found is not None
    assert (found.state, found.code) == (TargetState.HELD, "refresh_needed")
