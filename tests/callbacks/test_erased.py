"""A person asks the platform to be forgotten here: what goes, what stays (R-I3)."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.test import Client

from notifications.models import Notice
from profiles.actions.attach import _known
from profiles.actions.tell import tell_due
from profiles.erasure import Erasure
from profiles.models import Connection, ConnectionEvent, Journey, SocialProfile
from profiles.states import ConnectionState as S
from publishing.actions.check import refusal
from scheduling.models import Post
from tests.callbacks.conftest import Wire, connection_of
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.profiles.conftest import SESSION

pytestmark = pytest.mark.django_db(transaction=True)

MARA = {"name": "Mara Lind", "handle": "mara.bakes", "role": "Admin"}
TRACES = ("Mara Lind", "mara.bakes", "face.jpg", "page-1", "Bakery Street")


def person(wire: Wire) -> str:
    return str(wire.sandbox.identity("facebook", kind="person", name="Mara")["id"])


def page(wire: Wire, login_id: str, number: int = 1, **facts: object) -> SocialProfile:
    return wire.connected(
        "facebook",
        f"page-{number}",
        data={"login": "facebook_login", "login_id": login_id},
        picture_url="https://cdn.example/face.jpg",
        address="Bakery Street",
        **{**MARA, **facts},
    )


def receipt(wire: Wire, who: str, **wish: object) -> dict[str, str]:
    (answer,) = wire.call("facebook", who, "data-deletion", **wish)
    assert answer["status"] == 200, answer
    return json.loads(answer["body"])


def rows_of(profile: SocialProfile) -> str:
    """All that the database still says of it."""
    models = (
        SocialProfile.objects.filter(pk=profile.pk),
        Connection.objects.filter(profile=profile),
        ConnectionEvent.objects.filter(connection__profile=profile),
    )
    return " ".join(str(list(rows.values())) for rows in models)


def test_the_answer_names_a_page_and_a_code(wire):
    """What Meta asks for: an address to follow it by, and a code."""
    mara = person(wire)
    page(wire, mara)
    found = receipt(wire, mara)
    code = found["confirmation_code"]
    assert found["url"] == f"{wire.url}/data-deletion/{code}/"
    assert Erasure.objects.get().code == code


def test_everything_that_came_from_the_platform_goes(wire):
    mara = person(wire)
    profiles = [page(wire, mara, number) for number in (1, 2, 3)]
    receipt(wire, mara)
    for profile in profiles:
        told = rows_of(profile)
        assert not [trace for trace in (*TRACES, mara) if trace in told], told
        row = connection_of(profile)
        assert (row.state, row.sealed, row.farewell) == (S.DISCONNECTED, "", "")
    assert Erasure.objects.get().tokens == 3


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("Mara Lind", "Social Set"),
        ("Mara Lind 2", "Social Set"),
        ("mara.bakes", "Social Set"),
        ("Mara Lind and friends", "Mara Lind and friends"),
        ("Bakery", "Bakery"),
    ],
)
def test_a_set_named_after_it_is_named_anew(wire, cast, name, after):
    """Connecting names new Social Sets so; names that people chose are theirs."""
    mara = person(wire)
    place = cast.group.social_sets.create(name=name)
    page(wire, mara, place=place)
    receipt(wire, mara)
    place.refresh_from_db()
    assert place.name == after


def test_unfinished_sign_ins_go_too(wire, cast):
    mara = person(wire)
    profile = page(wire, mara)
    Journey.objects.create(
        user=cast.alice,
        group=cast.group,
        social_set=profile.social_set,
        profile=profile,
        platform="facebook",
        method="facebook_login",
        state_hash="1" * 64,
        session_hash=SESSION,
        person_name="Mara Lind",
        expires_at=profile.created_at,
    )
    receipt(wire, mara)
    assert not Journey.objects.exists()


def test_a_removed_profiles_names_and_token_go_as_well(wire):
    """Its token may still wait for its revocation."""
    mara = person(wire)
    profile = page(wire, mara, removed_at="2026-01-01T00:00:00Z")
    row = connection_of(profile)
    row.seal_farewell()
    row.state = S.DISCONNECTED
    row.save()
    receipt(wire, mara)
    assert connection_of(profile).farewell == ""
    assert not [trace for trace in TRACES if trace in rows_of(profile)]


def test_every_account_that_had_it_forgets(wire, cast):
    mara = person(wire)
    theirs = ProfileFactory(
        group=cast.charlies_group,
        social_set=cast.charlies_group.social_sets.create(name="Theirs"),
        platform="facebook",
        external_id="page-9",
        data={"login_id": mara},
        removed_at="2026-01-01T00:00:00Z",
    )
    page(wire, mara)
    receipt(wire, mara)
    assert Erasure.objects.get().profiles == 2
    theirs.refresh_from_db()
    assert theirs.name == "Erased profile"


def test_the_accounts_own_posts_stay_and_are_held(wire, cast):
    """They are the account's; they never move to another identity by themselves."""
    mara = person(wire)
    profile = page(wire, mara)
    post = PostFactory(group=cast.group, author=cast.alice, text="Our own words")
    target = TargetFactory(post=post, profile=profile)
    receipt(wire, mara)
    assert Post.objects.get().text == "Our own words"
    target.refresh_from_db()
    found = refusal(target)
    assert found is not None
    assert found.message == "Erased profile was disconnected from Facebook."


def test_people_are_told_once_and_without_a_name(wire, cast):
    """One message for all that one request takes, with what waits in vain."""
    mara = person(wire)
    place = cast.group.social_sets.create(name="Mara Lind")
    pages = [page(wire, mara, 1, place=place), page(wire, mara, 2)]
    post = PostFactory(group=cast.group, author=cast.alice)
    TargetFactory(post=post, profile=pages[0])
    wire.call("facebook", mara, "data-deletion", times=2)
    notice = Notice.objects.get(user=cast.alice)
    assert (
        notice.title
        == f"2 Facebook profiles of {cast.group}: deleted at a person's wish"
    )
    assert "1 post is waiting for it" in notice.text
    assert not [trace for trace in TRACES if trace in notice.title + notice.text]
    tell_due()
    assert Notice.objects.filter(user=cast.alice).count() == 1


def test_the_slot_is_free_and_who_comes_back_is_new(wire):
    mara = person(wire)
    profile = page(wire, mara)
    receipt(wire, mara)
    held = profile.social_set.profiles.active()
    assert not held.exists()
    journey = Journey(group=wire.cast.group, platform="facebook")
    with transaction.atomic():
        assert _known(journey, "page-1") is None


def test_the_same_call_again_is_the_same_request(wire):
    mara = person(wire)
    page(wire, mara)
    answers = wire.call("facebook", mara, "data-deletion", times=3)
    assert len({answer["body"] for answer in answers}) == 1
    assert Erasure.objects.count() == 1


def test_a_late_word_leaves_a_newer_sign_in_alone(wire):
    mara = person(wire)
    profile = page(wire, mara)
    receipt(wire, mara, age_s=60)
    profile.refresh_from_db()
    assert (profile.name, profile.removed_at) == ("Mara Lind", None)
    assert Erasure.objects.get().profiles == 0


def test_a_forged_request_erases_nothing(wire):
    mara = person(wire)
    profile = page(wire, mara)
    (answer,) = wire.call("facebook", mara, "data-deletion", secret="forged")
    assert answer["status"] == 400
    profile.refresh_from_db()
    assert profile.name == "Mara Lind"
    assert not Erasure.objects.exists()


def test_who_has_the_code_sees_what_was_removed_and_when(wire):
    mara = person(wire)
    page(wire, mara)
    code = receipt(wire, mara)["confirmation_code"]
    told = Client().get(f"/data-deletion/{code}/").content.decode()
    assert "Your data is deleted" in told
    assert "Deleted for 1 profile:" in told
    assert not [trace for trace in (*TRACES, mara) if trace in told]


def test_somebody_unknown_gets_a_receipt_that_says_so(wire):
    code = receipt(wire, person(wire))["confirmation_code"]
    told = Client().get(f"/data-deletion/{code}/").content.decode()
    assert "There was nothing to delete" in told


def test_codes_cant_be_guessed():
    assert Client().get("/data-deletion/1/").status_code == 404
    assert Client().get("/data-deletion/" + "a" * 22 + "/").status_code == 404
