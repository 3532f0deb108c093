from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from profiles.states import ConnectionState
from publishing.models import Attempt
from scheduling.actions.reschedule import reschedule_post
from scheduling.models import PostEvent
from tests.factories import TargetFactory
from tests.scheduling.conftest import NOW, only, state_columns

pytestmark = pytest.mark.usefixtures("march")


def show(client, post, name="post"):
    url = reverse(f"scheduling:{name}", args=[post.group_id, post.pk])
    return unescape(client.get(url).content.decode())


def attempt(post, step, outcome, seconds=0, **columns):
    return Attempt.objects.create(
        target=only(post),
        fence=1,
        step=step,
        outcome=outcome,
        at=NOW + timedelta(seconds=seconds),
        **columns,
    )


def test_published_post_has_its_permalink_and_when_it_went_live(alice, make_post):
    """R-F4: published, with the link to it."""
    link = "https://words.example/1"
    post = make_post("published", target={"permalink": link}, text="Out now")
    html = show(alice, post)
    assert f'href="{link}"' in html
    assert all(word in html for word in ("Out now", "View on Words", "Live on Words"))


def test_failure_is_told_in_plain_words_with_the_next_step(alice, make_post):
    """R-F4: the reason, the platform's own words under Details, one next step."""
    columns = {"reason": "Words refused the picture.", "details": "code 36003"}
    html = show(alice, make_post("failed", target=columns))
    assert "Words refused the picture." in html
    assert "code 36003" in html
    assert "Try again" in html


def test_held_post_leads_to_the_connection(alice, make_post, words):
    """R-D6: refresh first; then one click publishes it."""
    post = make_post("held", target={"reason": "The connection ran out."})
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    html = show(alice, post)
    assert "Refresh the connection" in html
    assert f"?profile={words.pk}" in html
    words.connection.state = ConnectionState.CONNECTED
    words.connection.save()
    html = show(alice, post)
    assert "Publish now" in html
    assert "The connection works again: choose when it goes out." in html


@pytest.mark.parametrize("code", ["stop_lifted", "author_may_not"])
def test_held_for_another_cause_says_nothing_of_the_connection(alice, make_post, code):
    target = {"reason_code": code, "reason": "It was held back."}
    html = show(alice, make_post("held", target=target))
    assert "Publish now" in html
    assert "works again" not in html


def test_missed_post_can_go_out_now_or_later(alice, make_post):
    """R-F8: nothing old goes out unasked; the person is asked here."""
    html = show(alice, make_post("missed"))
    assert "Publish now" in html
    assert "Choose another time" in html


def test_unconfirmed_post_asks_the_person(alice, make_post):
    """R-F4: Needs check, with both answers."""
    html = show(alice, make_post("unconfirmed"))
    assert "is this post there?" in html
    assert "It is out" in html
    assert "publish again" in html


def test_retrying_says_when(alice, make_post):
    """R-F4: Retrying (platform trouble, with when)."""
    later = NOW + timedelta(minutes=3)
    columns = {"tries": 2, "next_at": later, "reason": "Words can't be reached."}
    html = show(alice, make_post(target=columns))
    assert "Retrying" in html
    assert "The next try is Sun 1 Mar, 12:03." in html


def test_story_tells_each_step_with_its_answer(alice, make_post):
    """R-F6, R-F11: checks, attempts, HTTP status, the platform's request id."""
    post = make_post("failed")
    attempt(post, "check", "ok", 1, http_status=200)
    attempt(post, "prepare", "ok", 2)
    attempt(
        post,
        "send",
        "refused",
        3,
        http_status=400,
        request_id="AbC123",
        message="Words refused the text.",
        details='{"error": 36003}',
    )
    html = show(alice, post)
    order = ["Words is connected", "Prepared on Words", "Words refused the post"]
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    assert all(w in html for w in ("HTTP 400", "AbC123", '{"error": 36003}'))


def test_story_times_are_of_the_groups_clock(alice, make_post):
    post = make_post("published")
    assert "1 Mar, 12:00:00" in show(alice, post)


def test_what_the_platform_says_is_never_markup(alice, make_post):
    """R-I5: a platform's reply is untrusted too."""
    nasty = "<img src=x onerror=alert(1)>"
    post = make_post("failed", target={"reason": nasty, "details": nasty})
    attempt(post, "send", "refused", message=nasty, details=nasty)
    url = reverse("scheduling:post", args=[post.group_id, post.pk])
    assert nasty not in alice.get(url).content.decode()


@pytest.mark.parametrize(
    ("state", "columns", "seconds"),
    [
        ("claimed", {}, 2),
        ("sending", {}, 2),
        ("processing", {}, 2),
        ("unconfirmed", {"next_at": NOW}, 2),
        ("unconfirmed", {"next_at": None}, 0),
        ("scheduled", {"next_at": NOW + timedelta(minutes=1)}, 2),
        ("scheduled", {"next_at": NOW + timedelta(minutes=30)}, 30),
        ("scheduled", {"next_at": NOW + timedelta(days=1)}, 0),
        ("published", {}, 0),
        ("failed", {}, 0),
    ],
)
def test_page_looks_again_only_while_something_happens(
    alice, make_post, state, columns, seconds
):
    """R-F11: live while in flight, still once it is final."""
    html = show(alice, make_post(state, target=columns), "story")
    polls = f'hx-trigger="every {seconds}s"' in html
    assert polls == (seconds > 0)
    assert ("hx-trigger" in html) == polls


def test_fragment_brings_the_title_along(alice, make_post):
    html = show(alice, make_post("published"), "story")
    assert 'id="post-state" hx-swap-oob="true"' in html
    assert "<html" not in html


@pytest.mark.parametrize(
    ("state", "offered"),
    [("scheduled", True), ("sending", False), ("published", False)],
)
def test_fragment_takes_away_what_can_not_be_done_any_more(
    alice, make_post, state, offered
):
    """R-F11: a post that went out under the person's eyes isn't edited or deleted."""
    html = show(alice, make_post(state), "story")
    edit = html.split('id="post-edit" hx-swap-oob="true">')[1].split("</span>")[0]
    delete = html.split('id="post-delete" hx-swap-oob="true">')[1].split("</span>")[0]
    assert ("Edit" in edit, "Delete" in delete) == (offered, offered)


def test_each_profile_has_its_own_card(alice, make_post, gallery):
    post = make_post("published")
    columns = {"kind": "image", **state_columns("failed"), "reason": "Too tall."}
    TargetFactory(post=post, profile=gallery, state="failed", **columns)
    html = show(alice, post)
    assert "Failed on 1 of 2" in html
    assert "Too tall." in html
    assert "@alice" in html
    assert "@shots" in html


def test_profile_taken_off_is_not_shown(alice, make_post, gallery):
    post = make_post()
    TargetFactory(post=post, profile=gallery, kind="image", state="cancelled")
    assert "@shots" not in show(alice, post)


def test_changed_file_does_not_rewrite_what_is_out(alice, make_post, photo):
    post = make_post("published", target={"media_ids": [str(photo.pk)], "text": "Old"})
    html = show(alice, post)
    assert "Sent with" in html
    assert str(photo.pk) in html


def test_bad_link_comes_back_beside_its_field(alice, make_post):
    """Nothing typed is lost: the address stands there, with what is wrong."""
    post = make_post("unconfirmed")
    url = reverse("scheduling:settle", args=[post.group_id, post.pk, only(post).pk])
    response = alice.post(url, {"verdict": "out", "link": "words.example/1"})
    html = unescape(response.content.decode())
    assert response.status_code == 422
    assert 'value="words.example/1"' in html
    assert "Paste the post's full https:// address." in html


def test_refusal_is_told_on_the_page(alice, make_post):
    post = make_post("published")
    url = reverse("scheduling:resume", args=[post.group_id, post.pk, only(post).pk])
    html = unescape(alice.post(url, follow=True).content.decode())
    assert "there is nothing to try again" in html


def test_delete_leads_back_to_the_calendar(alice, make_post):
    post = make_post()
    url = reverse("scheduling:delete", args=[post.group_id, post.pk])
    response = alice.post(url, follow=True)
    assert response.redirect_chain[-1][0].endswith("/calendar/")
    assert "Post deleted." in response.content.decode()


def test_duplicate_opens_the_copy(alice, make_post):
    post = make_post("published", text="Again")
    url = reverse("scheduling:duplicate", args=[post.group_id, post.pk])
    html = unescape(alice.post(url, follow=True).content.decode())
    assert "Edit post" in html
    assert ">Again</textarea>" in html


def test_viewer_sees_the_story_and_no_button(client, viewer, make_post):
    """R-A6: may look, not act."""
    client.force_login(viewer)
    html = show(client, make_post("failed"))
    assert "Words refused the text." in html
    assert "Try again" not in html
    assert 'data-dialog-open="delete"' not in html


def test_writer_stays_the_writer_when_somebody_else_moves_it(alice, cast, make_post):
    """R-F11: Bob answers for the newest version, Alice wrote it."""
    post = make_post()
    PostEvent.objects.create(
        post=post, actor=cast.alice, kind="created", text="Scheduled."
    )
    reschedule_post(actor=cast.bob, post=post, wall="2026-03-06T09:00")
    html = show(alice, post)
    assert "<dt>Written by</dt><dd>Alice</dd>" in html
    assert "Moved from" in html


def test_peek_is_a_short_look(alice, make_post):
    link = "https://words.example/1"
    post = make_post("published", target={"permalink": link}, text="Out")
    html = show(alice, post, "peek")
    assert f'href="{link}"' in html
    assert "<dialog" in html
    assert "<html" not in html


def test_story_costs_the_same_however_long(alice, make_post):
    post = make_post("published")
    url = reverse("scheduling:story", args=[post.group_id, post.pk])
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            alice.get(url)
        counts.append(len(queries))
        for second in range(20):
            attempt(post, "process", "waiting", second)
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(
    ("state", "leads"), [("held", True), ("failed", True), ("scheduled", False)]
)
def test_first_look_at_trouble_leads_to_what_to_do(alice, make_post, state, leads):
    """R-F4: the next step, not the editor, is what the one strong button opens."""
    html = show(alice, make_post(state), "peek")
    assert ("See what to do" in html) == leads
    assert html.count("btn--primary") == 1
