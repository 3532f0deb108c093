"""R-D6: what is on hold, on the pages and in the API, with the ways to go on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.hooks import panels
from profiles.states import ConnectionState
from tests.scheduling.conftest import MINUTE, NOW, dues, only, url
from tests.scheduling.doors import JSON, Api

pytestmark = pytest.mark.usefixtures("march")


def html(response):
    return response.content.decode()


def test_page_lists_them_by_profile_with_the_choice(five, alice, cast, words):
    """R-D6."""
    shown = html(alice.get(url("held", cast)))
    assert all(word in shown for word in ("@alice", "5 posts", "Confirm for all 5"))
    assert "from Sun 1 Mar, 12:30, 30 minutes apart" in shown


def test_page_costs_the_same_for_many(five, alice, cast, make_post):
    def count():
        with CaptureQueriesContext(connection) as queries:
            alice.get(url("held", cast))
        return len(queries)

    few = count()
    for _ in range(10):
        make_post("held")
    assert count() == few


def test_form_resumes_all_and_says_when(five, alice, cast, words):
    resume_url = url("resume_profile", cast, words.pk)
    response = alice.post(resume_url, {"plan": "now"}, follow=True)
    assert "5 posts go out on @alice: the first Sun 1 Mar, 12:00" in html(response)
    assert "Nothing is on hold" in html(response)


def test_form_leads_back_where_one_came_from(five, alice, cast, words):
    sent = {"plan": "drop", "next": url("calendar", cast)}
    response = alice.post(url("resume_profile", cast, words.pk), sent)
    assert response.url == url("calendar", cast)


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "x"])
def test_and_never_off_the_site(five, alice, cast, words, away):
    sent = {"plan": "drop", "next": away}
    response = alice.post(url("resume_profile", cast, words.pk), sent)
    assert response.url == url("held", cast)


def test_refusal_is_told_on_the_page(alice, cast, words):
    sent = {"plan": "now"}
    response = alice.post(url("resume_profile", cast, words.pk), sent, follow=True)
    assert "Nothing is on hold here any more." in html(response)
    response = alice.post(url("resume_profile", cast, words.pk), sent, **JSON)
    assert response.json()["errors"][0]["code"] == "nothing_held"


def test_profile_of_another_group_is_not_there(alice, cast, words):
    """R-B1."""
    words.group = cast.charlies_group
    words.save()
    sent = {"plan": "now"}
    assert alice.post(url("resume_profile", cast, words.pk), sent).status_code == 404


def test_calendar_counts_what_is_on_hold(five, alice, cast, make_post):
    make_post("held", deleted_at=NOW)
    shown = html(alice.get(url("calendar", cast)))
    assert url("held", cast) in shown
    assert 'On hold<span class="badge badge--count" data-tone="attention">5<' in shown


def test_calendar_is_silent_without_any(alice, cast):
    assert url("held", cast) not in html(alice.get(url("calendar", cast)))


def test_post_page_offers_each_way_with_its_time(alice, cast, make_post):
    """R-D6: right where the person is."""
    post = make_post("held", wall_at="2026-03-01T09:00", target={"reason": "Ran out."})
    shown = html(alice.get(url("post", cast, post.pk)))
    for way in ("now", "free", "tomorrow", "drop"):
        assert f'name="plan" value="{way}"' in shown
    assert "Sun 1 Mar, 12:30" in shown
    assert "Mon 2 Mar, 09:00" in shown


def test_after_reconnecting_the_choice_is_there(five, words):
    """R-D6: the page that says Connected shows what waits."""
    [panel] = panels(words)
    assert panel.data.count == 5
    assert [way.plan for way in panel.data.ways] == ["now", "free", "tomorrow", "drop"]


def test_but_not_while_it_still_could_not_go_out(five, words):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    assert panels(words) == []


def test_nor_without_anything_on_hold(words):
    assert panels(words) == []


def test_api_resumes_one_by_its_plan(alice, make_post):
    post = make_post("held")
    assert Api(alice).resume(post, "free").status == 200
    assert only(post).due_at == NOW + 30 * MINUTE
    assert Api(alice).resume(make_post("held"), "hold").errors == [("plan", "plan")]


def test_api_resumes_all(five, alice, cast, words):
    api = url("api_resume_profile", cast, words.pk)
    sent = {"plan": "now", "spacing_min": 10}
    found = alice.post(api, sent, content_type="application/json").json()
    assert (found["resumed"], dues()) == (5, [0, 10, 20, 30, 40])
