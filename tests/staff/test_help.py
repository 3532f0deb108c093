"""Get Help: asked from any page, with what helps to help (R-G9)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from accounts.models import User
from core import clock
from notifications.models import Notice
from publishing.models import Attempt, Outcome, Step
from support.actions.help import LONGEST, Asker, ask, tell_staff
from support.help_request import HelpMessage, HelpRequest
from support.place import Place, find
from tests.factories import PostFactory, ProfileFactory, TargetFactory

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SECRET = "IGAAsecretsecretsecret"


@pytest.fixture(autouse=True)
def uncounted(redis_cache) -> None:
    """Limits of other tests don't count here."""


@pytest.fixture
def post(cast):
    found = PostFactory(group=cast.group, author=cast.alice, text="Hello")
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    target = TargetFactory(post=found, profile=profile)
    Attempt.objects.create(
        target=target,
        fence=1,
        step=Step.SEND,
        outcome=Outcome.REFUSED,
        http_status=400,
        message=f"Refused with access_token={SECRET}",
    )
    return found


def path_of(post) -> str:
    return f"/g/{post.group_id}/posts/{post.pk}/"


def asked(client, page: str = "/", **more: str):
    return client.post("/help/", {"text": "It broke", "page": page, **more})


def test_a_request_says_where_one_was_and_with_which_browser(alice, cast):
    page = f"/g/{cast.group.pk}/media/"
    alice.post(
        "/help/",
        {"text": "It broke", "page": page},
        headers={"user-agent": "Browser 7"},
    )
    found = HelpRequest.objects.get()
    assert (found.user, found.group, found.page) == (cast.alice, cast.group, page)
    assert found.browser == "Browser 7"
    assert found.messages.get().text == "It broke"


def test_on_a_post_its_story_is_shown_before_it_is_sent(alice, post):
    """R-G9: nothing goes along that one hasn't seen."""
    page = alice.get("/help/", {"page": path_of(post)}).content.decode()
    assert "Send what was tried with this post along" in page
    assert "refused the post" in page
    assert "HTTP 400" in page


def test_the_story_goes_along_without_secrets(alice, post):
    """R-D2: redacted once more, whatever an attempt holds."""
    asked(alice, path_of(post), attach="on")
    found = HelpRequest.objects.get()
    assert found.post_id == post.pk
    assert [each["title"] for each in found.story[0]["moments"]][-1:]
    assert SECRET not in str(found.story)
    assert "access_token=***" in str(found.story)


def test_the_story_stays_here_if_one_likes(alice, post):
    asked(alice, path_of(post))
    assert HelpRequest.objects.get().story == []


@pytest.mark.parametrize("who", ["charlie", "dana"])
def test_a_strangers_post_is_no_place(cast, post, who):
    """R-B1: a made-up page tells nothing of others."""
    place = find(path_of(post), getattr(cast, who))
    assert (place.group, place.post, place.story) == (None, None, [])


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/no/"]
)
def test_only_pages_of_ours_are_places(cast, path):
    assert find(path, cast.alice) == Place()


def test_what_was_searched_for_does_not_go_along(cast):
    found = find(f"/g/{cast.group.pk}/media/?q=private", cast.alice)
    assert found.path == f"/g/{cast.group.pk}/media/"


@pytest.mark.parametrize(
    "path", ["/user/invitation/SECRET/", "/user/confirm-email/SECRET/"]
)
def test_a_link_that_gives_a_right_is_not_told(path):
    """R-I1: who has its address could use it."""
    found = find(path, AnonymousUser())
    assert "SECRET" not in found.path
    assert found.path.startswith("/user/")


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST + 1)])
def test_what_says_nothing_or_too_much_is_refused(alice, text):
    assert alice.post("/help/", {"text": text}).status_code == 422
    assert not HelpRequest.objects.exists()


def test_who_can_t_sign_in_can_ask_too(client):
    """R-G9: on sign-in pages; answered at the address they write."""
    assert "Your e-mail address" in client.get("/help/").content.decode()
    assert client.post("/help/", {"text": "No mail comes"}).status_code == 422
    asked(client, email="lost@example.org")
    found = HelpRequest.objects.get()
    assert (found.user, found.address) == (None, "lost@example.org")


def test_nobody_sends_for_somebody_else(alice, cast):
    """An address in the form counts for strangers only."""
    asked(alice, email="victim@example.org")
    assert HelpRequest.objects.get().address == cast.alice.email


def test_ten_an_hour_are_enough(alice, monkeypatch):
    """R-I5: nobody floods the people who help."""
    # The windows are the clock's hours: one may end while these are asked.
    half_past = clock.now().replace(minute=30)
    monkeypatch.setattr(clock, "now", lambda: half_past)
    codes = [asked(alice).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]
    assert HelpRequest.objects.count() == 10
    cache.clear()


def test_one_reads_and_goes_on_with_ones_own_requests_only(alice, bob, cast):
    """R-B1: a colleague neither."""
    path = asked(alice)["Location"]
    assert "It broke" in alice.get(path).content.decode()
    assert bob.get(path).status_code == bob.post(path, {"text": "x"}).status_code == 404
    alice.post(path, {"text": "And again"})
    words = HelpMessage.objects.values_list("text", flat=True)
    assert list(words) == ["It broke", "And again"]
    assert path in alice.get("/help/").content.decode()


@pytest.mark.parametrize("path", ["/help/", "the request"])
def test_times_are_those_of_the_persons_own_clock(alice, cast, path):
    """R-J3: not UTC, which nobody's clock shows."""
    User.objects.filter(pk=cast.alice.pk).update(timezone="Asia/Tokyo")
    one = asked(alice)["Location"]
    noon = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
    HelpMessage.objects.update(at=noon)
    HelpRequest.objects.update(asked_at=noon)
    page = alice.get(one if path == "the request" else path).content.decode()
    assert "5 Mar 2026, 21:00" in page
    assert "UTC" not in page


def test_what_somebody_writes_is_text_and_nothing_else(alice, cast):
    """R-I5: stored scripts never run."""
    path = alice.post("/help/", {"text": XSS})["Location"]
    page = alice.get(path).content.decode()
    assert XSS not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_operator_is_told_that_somebody_asked(cast, mailoutbox, settings):
    """R-G9: without what was written, which is read in the admin."""
    found = ask(asker=Asker(cast.alice), text="My secret trouble", place=Place())
    tell_staff(str(found.pk))
    [mail] = mailoutbox
    assert mail.to == [settings.SUPPORT_EMAIL]
    assert f"/admin/support/helprequest/{found.pk}/change/" in mail.body
    assert "secret" not in mail.body


def test_requests_go_with_the_person(cast):
    """R-I3: what they wrote to support is theirs alone."""
    ask(asker=Asker(cast.bob), text="x", place=Place())
    User.objects.filter(pk=cast.bob.pk).delete()
    assert not HelpMessage.objects.exists()


def test_every_page_has_the_way_to_it(alice, cast, client):
    """R-G9: as a link first, for those without scripts."""
    page = f"/g/{cast.group.pk}/media/"
    assert f'href="/help/?page={page}"' in alice.get(page).content.decode()
    assert (
        'href="/help/?page=/user/login/"' in client.get("/user/login/").content.decode()
    )


def test_the_time_of_the_last_word_is_kept(cast):
    found = ask(asker=Asker(cast.alice), text="x", place=Place())
    assert found.said_at <= clock.now()
    assert not Notice.objects.exists()
