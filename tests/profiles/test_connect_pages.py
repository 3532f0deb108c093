"""The pages of connecting, as a browser without scripts sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Membership, Role
from core import clock
from platforms.errors import Unavailable
from profiles.actions.sets import create_set
from profiles.models import Connection, Journey, SocialProfile
from profiles.offers import seal_offers, seen_offer
from profiles.states import ConnectionState as S
from tests.profiles.conftest import forget
from tests.profiles.fakes import person
from tests.profiles.visitor import Visitor, text


def test_before_leaving_each_permission_is_told_with_its_reason(visitor):
    """R-C3: what is asked for and why."""
    page = text(visitor.client.get(f"{visitor.base}/connect/orbit/"))
    for words in ("See your profile", "To publish what you schedule.", "See figures"):
        assert words in page
    assert "Continue to Orbit" in page
    assert "your password never reaches us" in page


def test_tips_stand_where_trouble_is_met(visitor):
    """R-C12: incognito, pop-up, 2-step and rights tips."""
    page = text(visitor.client.get(f"{visitor.base}/connect/orbit/"))
    for words in ("incognito", "Allow pop-ups", "Two-step", "Who can connect it"):
        assert words in page


def test_methods_can_be_chosen_and_one_is_the_default(visitor, orbit):
    page = text(visitor.client.get(f"{visitor.base}/connect/orbit/"))
    assert "Sign in with Orbit" in page
    assert "Sign in elsewhere" in page
    visitor.connect(method="other")
    assert orbit.visits[0].method == "other"


def test_without_the_operators_keys_the_page_says_what_is_missing(
    visitor, monkeypatch, kite
):
    monkeypatch.delenv("PLATFORM_ORBIT_ID")
    monkeypatch.setattr("tests.profiles.fakes.Orbit.methods", ())
    forget()
    page = text(visitor.client.get(f"{visitor.base}/connect/orbit/"))
    assert "Orbit isn't set up on this server yet" in page
    assert visitor.connect().status_code == 200
    assert not Journey.objects.exists()


def test_a_whole_sign_in_ends_with_the_connected_banner(visitor):
    """R-C9: the end is shown."""
    arrived = visitor.back(visitor.connect())
    assert arrived["Location"] == visitor.journey("done")
    page = text(visitor.client.get(arrived["Location"]))
    assert "Connected" in page
    assert "posts for @person1 go out by themselves" in page


def test_the_way_ends_where_it_began(visitor):
    """R-C11: from the calendar and back to it."""
    path = f"{visitor.base}/calendar/?month=2026-11"
    answer = visitor.connect(next=path)
    visitor.back(answer)
    page = visitor.client.get(visitor.journey("done"))
    assert page.context["next_url"] == path


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example"])
def test_a_foreign_way_back_is_dropped(visitor, url):
    visitor.back(visitor.connect(next=url))
    page = visitor.client.get(visitor.journey("done"))
    assert "evil" not in text(page)


def test_an_empty_slot_without_a_set_named_finds_a_free_one(visitor, way, cast):
    way.connected()
    spare = create_set(group=cast.group, actor=cast.alice, name="Spare")
    page = visitor.client.get(f"{visitor.base}/connect/orbit/")
    assert page.context["ask"].social_set == spare


def test_a_form_that_is_refused_keeps_what_was_typed_but_no_secret(visitor, kite):
    kite.trouble = Unavailable("Kite can't be reached right now.")
    typed = {"handle": "ada.example", "key": "canary-typed-key"}
    answer = visitor.connect("kite", typed)
    assert answer.status_code == 422
    page = text(answer)
    assert "Kite can&#x27;t be reached right now." in page
    assert "ada.example" in page
    assert "canary" not in page


def test_a_refused_field_is_told_beside_it(visitor):
    answer = visitor.connect("kite", {"handle": "ada", "key": ""})
    assert answer.context["form"].errors == {"key": ["Kite needs a key."]}
    assert 'aria-invalid="true"' in text(answer)


def test_an_enable_step_follows_where_the_platform_needs_it(visitor):
    """R-C9: Enable, then Connected."""
    answer = visitor.connect("kite", {"handle": "ada", "key": "canary"})
    done = answer["Location"]
    page = text(visitor.client.get(done))
    assert "Enable needed" in page
    profile = SocialProfile.objects.get()
    url = f"{visitor.base}/settings/profiles/{profile.pk}/enable/"
    answer = visitor.client.post(url, {"next": done}, follow=True)
    assert "Auto Publish is on for @person1." in text(answer)
    assert Connection.objects.get().state == S.CONNECTED


def test_missing_permissions_are_named_with_what_will_not_work(visitor, orbit):
    """R-C4: and Review permissions is offered."""
    orbit.granted = ("read", "figures")
    visitor.back(visitor.connect())
    page = text(visitor.client.get(visitor.journey("done")))
    assert "Permissions missing" in page
    assert "<strong>Publish</strong>: Posts can&#x27;t be published." in page
    assert "Review permissions" in page


def test_review_shows_what_to_leave_on_and_asks_again(visitor, orbit):
    orbit.granted = ("read", "figures")
    visitor.back(visitor.connect())
    profile = SocialProfile.objects.get()
    url = f"{visitor.base}/connect/orbit/?profile={profile.pk}&again=1"
    page = text(visitor.client.get(url))
    assert "1 permission was left out" in page
    assert "leave every switch on" in page
    orbit.granted = ("read", "write", "figures")
    visitor.back(visitor.connect(profile=str(profile.pk), again="1"))
    assert orbit.visits[-1].again is True
    assert Connection.objects.get().state == S.CONNECTED


def test_the_picker_lists_picture_name_handle_and_role(visitor, orbit):
    """R-C5: and the store address."""
    orbit.people = (
        person("1", picture_url="https://cdn.example/1.jpg", address="1 High Street"),
        person("2", refused="You aren't an admin of it."),
    )
    arrived = visitor.back(visitor.connect())
    assert arrived["Location"] == visitor.journey("pick")
    page = text(visitor.client.get(arrived["Location"]))
    for words in ("https://cdn.example/1.jpg", "Person 1", "@person1", "Owner"):
        assert words in page
    assert "1 High Street" in page
    assert "You aren&#x27;t an admin of it." in page


def test_a_refused_identity_can_not_be_ticked(visitor, orbit):
    """R-C6, R-C7."""
    orbit.people = (person("1", refused="Personal accounts can't be connected."),)
    page = visitor.client.get(visitor.back(visitor.connect())["Location"])
    assert "disabled" in text(page)
    answer = visitor.client.post(visitor.journey("pick"), {"choice": "id-1"})
    assert answer.status_code == 422
    assert not SocialProfile.objects.exists()


def test_several_are_picked_in_one_go(visitor, orbit):
    orbit.people = (person("1"), person("2"))
    visitor.back(visitor.connect())
    chosen = {"choice": ["id-1", "id-2"], "place:id-2": "new"}
    answer = visitor.client.post(visitor.journey("pick"), chosen)
    assert answer["Location"] == visitor.journey("done")
    page = text(visitor.client.get(answer["Location"]))
    assert "@person1" in page
    assert "@person2" in page
    assert SocialProfile.objects.count() == 2


def test_nothing_ticked_is_said(visitor, orbit):
    orbit.people = (person("1"), person("2"))
    visitor.back(visitor.connect())
    answer = visitor.client.post(visitor.journey("pick"), {})
    assert answer.status_code == 422
    assert "Choose at least one profile." in text(answer)


def test_a_problem_stands_beside_its_identity(visitor, way, orbit):
    way.connected()
    other = create_set(group=way.cast.group, actor=way.cast.alice, name="Other")
    answer = visitor.back(visitor.connect(set=str(other.pk)))
    page = text(visitor.client.get(answer["Location"]))
    assert "already connected in the Social Set Alice" in page


def test_many_identities_can_be_searched(visitor, orbit):
    orbit.people = tuple(person(str(number)) for number in range(9))
    page = text(visitor.client.get(visitor.back(visitor.connect())["Location"]))
    assert "data-pick-tools" in page


def test_the_wrong_person_is_told_and_nothing_changes(visitor, way, orbit):
    """R-C10."""
    profile = way.connected().profile
    orbit.people = (person("2"),)
    answer = visitor.back(visitor.connect(profile=str(profile.pk)))
    page = text(visitor.client.get(answer["Location"]))
    assert "You signed in as @person2; this slot is @person1." in page
    assert "Try again" in page
    assert Connection.objects.get().version == 1


def test_a_chat_shows_steps_links_and_waits(visitor):
    answer = visitor.connect("pigeon")
    page = text(visitor.client.get(answer["Location"]))
    assert "Press Start." in page
    assert "https://pigeon.example/?start=code-1-" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Check now" in page


def test_the_panel_answers_only_news(visitor):
    url = visitor.connect("pigeon")["Location"]
    mark = visitor.client.get(url).context["mark"]
    same = visitor.client.get(url, {"mark": mark}, headers={"HX-Request": "true"})
    assert same.status_code == 204
    Journey.objects.update(person_id="7", person_name="Ada")
    news = visitor.client.get(url, {"mark": mark}, headers={"HX-Request": "true"})
    assert "We know you as Ada." in text(news)
    assert "<html" not in text(news)


def test_an_expired_chat_offers_a_new_start(visitor):
    url = visitor.connect("pigeon")["Location"]
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        page = text(visitor.client.get(url))
    assert "The 15 minutes are over." in page
    assert f'hx-get="{url}' not in page


def test_check_now_asks_a_worker_and_comes_back(
    visitor, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr("core.queue._send", lambda *args: sent.append(args))
    url = visitor.connect("pigeon")["Location"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = visitor.client.post(visitor.journey("check"))
    assert answer["Location"] == url
    assert sent == [("profiles.pull_updates", ())]


def test_a_full_slot_is_said_before_leaving(visitor, way):
    way.connected()
    answer = visitor.connect()
    assert answer.status_code == 422
    assert "already holds @person1" in text(answer)


def test_who_may_only_look_sees_no_way_to_connect(visitor, cast, bob):
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    page = text(bob.get(f"{visitor.base}/connect/orbit/"))
    assert "Your role lets you look, not connect." in page
    assert Visitor(cast, bob).connect().status_code == 422


@pytest.mark.parametrize("what", ["set", "profile"])
@pytest.mark.parametrize("value", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_senseless_ids_in_the_address_are_not_there(visitor, what, value):
    url = f"{visitor.base}/connect/orbit/"
    assert visitor.client.get(url, {what: value}).status_code == 404


def test_a_set_of_another_group_is_not_there(visitor, cast):
    theirs = create_set(group=cast.charlies_group, actor=cast.charlie, name="Theirs")
    url = f"{visitor.base}/connect/orbit/"
    assert visitor.client.get(url, {"set": theirs.pk}).status_code == 404


def test_an_unknown_platform_is_not_there(visitor):
    assert visitor.client.get(f"{visitor.base}/connect/orbitt/").status_code == 404
    assert visitor.client.get("/connect/orbitt/callback/").status_code == 404


def test_journey_pages_are_never_cached(visitor):
    visitor.back(visitor.connect())
    answer = visitor.client.get(visitor.journey("done"))
    assert "no-store" in answer["Cache-Control"]


def test_what_a_platform_reads_about_us_stands_at_its_declared_path(client, db):
    answer = client.get("/oauth/orbit/metadata.json")
    callback = "http://127.0.0.1:8000/connect/orbit/callback/"
    assert answer.json() == {"redirect_uris": [callback]}
    assert answer["Content-Type"] == "application/json"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/oauth/orbit/other.json", "/oauth/kite/metadata.json", "/oauth/x/a.json"]
)
def test_nothing_else_stands_there(client, db, path):
    assert client.get(path).status_code == 404


def test_rights_of_a_bot_are_given_in_its_app(visitor, way, pigeon):
    """R-C4: the words fit the way it was connected."""
    visitor.connect("pigeon")
    journey = Journey.objects.get()
    seal_offers(journey, [seen_offer(person("1"), ("edit",))])
    journey.save()
    visitor.client.post(visitor.journey("pick"), {"choice": "id-1"})
    page = text(visitor.client.get(visitor.journey("done")))
    assert "Give it the missing rights in Pigeon" in page
    assert "Sign in again" not in page


def test_the_picker_says_what_is_connected_already(visitor, way, orbit):
    """R-C5: adding the rest later doesn't make one guess."""
    way.connected()
    spare = create_set(group=way.cast.group, actor=way.cast.alice, name="Spare")
    orbit.people = (person("1"), person("2"))
    answer = visitor.back(visitor.connect(set=str(spare.pk)))
    assert "Already connected in Alice" in text(visitor.client.get(answer["Location"]))


def test_nobody_waits_for_a_bot_who_went_to_a_platform(visitor):
    """An address that somebody made up; no page, and no crash."""
    visitor.connect()
    assert visitor.client.get(visitor.journey("wait")).status_code == 404


def test_a_sign_in_that_cannot_be_read_stands_in_nobodys_way(visitor, orbit):
    """Its key was taken out of the ring: the page begins anew without it."""
    orbit.people = (person("1"), person("2"))
    visitor.back(visitor.connect())
    Journey.objects.update(sealed="v1.gone.AAAA")
    answer = visitor.client.get(f"{visitor.base}/connect/orbit/")
    assert answer.status_code == 200
    assert "Choose now" not in text(answer)
