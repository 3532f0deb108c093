"""R-F9: a scheduled post that something will stop is marked before its time."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from profiles.states import ConnectionState
from scheduling import standing
from scheduling.actions.rows import NO_REASON
from scheduling.queries import Filters, between, chip_of
from tests.scheduling.conftest import NOW, only
from tests.scheduling.doors import Pages

pytestmark = pytest.mark.usefixtures("march")

LATER = NOW + timedelta(hours=3)
RISK = {"reason_code": "text_too_long", "reason": "This is 4 too many."}


@pytest.fixture
def risky(make_post):
    columns = {"due_at": LATER, "next_at": LATER, **RISK}
    return make_post(target=columns, scheduled_at=LATER, text="Soon")


def shown(client, post):
    url = reverse("scheduling:post", args=[post.group_id, post.pk])
    return unescape(client.get(url).content.decode())


def told(post):
    summary = chip_of(post).summary
    return summary.state.value, summary.word


def change(post, **columns):
    type(only(post)).objects.filter(post=post).update(**columns)


def test_the_calendar_marks_it_and_it_can_still_be_moved(risky):
    assert told(risky) == ("attention", "At risk")
    assert chip_of(risky).movable


def test_it_counts_among_what_needs_attention(cast, risky):
    filters = Filters(states=frozenset({"attention"}))
    found = between(cast.group, NOW, LATER + timedelta(days=1), filters)
    assert [chip.id for chip in found] == [risky.pk]


def test_the_agenda_says_so(alice, cast, risky):
    url = reverse("scheduling:calendar", args=[cast.group.pk])
    html = alice.get(url, {"view": "agenda", "date": "2026-03-01"}).content.decode()
    assert "At risk" in html


def test_its_page_has_the_words_the_time_and_the_fix(alice, risky):
    html = shown(alice, risky)
    assert all(word in html for word in ("At risk", RISK["reason"], "Its time is"))
    assert "Edit the post" in html
    assert "Try again" not in html
    assert "Goes out" not in html


def test_trouble_with_the_connection_leads_there(alice, risky, words):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    html = shown(alice, risky)
    assert "Refresh the connection" in html
    assert "Then publish it from here." not in html


def test_the_api_tells_it(alice, cast, risky):
    body = alice.get(Pages(alice).url("api_post", cast.group, risky)).json()
    [target] = body["targets"]
    assert (body["state"], body["state_word"]) == ("attention", "At risk")
    assert (target["state"], target["at_risk"]) == ("scheduled", True)
    assert target["reason"]["message"] == RISK["reason"]


def test_looked_at_again_and_fine_it_disappears(alice, risky):
    change(risky, **NO_REASON)
    assert told(risky) == ("scheduled", "Scheduled")
    assert "At risk" not in shown(alice, risky)


@pytest.mark.parametrize(
    "columns",
    [
        {"due_at": NOW - timedelta(minutes=1), "tries": 1},
        {"due_at": NOW - timedelta(minutes=1), "reason_code": "paused"},
        {"reason_code": "paused"},
    ],
)
def test_what_is_tried_again_is_not_at_risk(alice, risky, columns):
    change(risky, **columns)
    html = shown(alice, risky)
    assert told(risky) == ("scheduled", "Scheduled")
    assert "Retrying" in html
    assert "At risk" not in html


def test_page_and_calendar_agree(risky):
    """The rule stands in Python and in SQL: both must say the same."""
    for columns in ({}, {"reason": ""}, {"due_at": NOW}, {"reason_code": "paused"}):
        change(risky, **columns)
        assert (told(risky)[1] == "At risk") == standing.at_risk(only(risky))
