from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scheduling.models import PostMedia, Target
from tests.factories import MediaItemFactory, PostFactory, ProfileFactory, TargetFactory
from tests.scheduling.conftest import NOW

pytestmark = pytest.mark.usefixtures("march")

BUDGET = 12
STATIC = Path(settings.BASE_DIR) / "static"


def page(client, group, **query):
    return client.get(reverse("scheduling:calendar", args=[group.pk]), query)


def data_of(response):
    """What the page carries for its grid."""
    html = response.content.decode()
    start = html.index('<script id="calendar-data"')
    text = html[html.index(">", start) + 1 : html.index("</script>", start)]
    return json.loads(text)


def asked(client, group, start, end, **query):
    url = reverse("scheduling:calendar_posts", args=[group.pk])
    return client.get(url, {"start": start, "end": end, **query})


def texts(response):
    return [post["text"] for post in response.json()["posts"]]


def test_first_paint_carries_the_months_posts(alice, cast, make_post, words):
    """R-E1: no second round trip to see the month."""
    post = make_post(scheduled_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC), text="Soon")
    found = data_of(page(alice, cast.group))
    assert found["loaded"] == {
        "profiles": [str(words.pk)],
        "posts": [
            {
                "id": str(post.pk),
                "at": "2026-03-05T10:00",
                "state": "scheduled",
                "text": "Soon",
                "on": [0],
            }
        ],
    }


def test_range_is_whole_weeks_of_the_month(alice, cast):
    found = data_of(page(alice, cast.group))
    assert (found["first"], found["end"]) == ("2026-02-23", "2026-04-06")


def test_week_is_from_monday(alice, cast):
    found = data_of(page(alice, cast.group, view="week", date="2026-03-05"))
    assert (found["first"], found["end"]) == ("2026-03-02", "2026-03-09")


@pytest.mark.parametrize(
    "date", ["", "nonsense", "9999-12-31", "0001-01-01", "2026-13"]
)
def test_senseless_date_shows_today(alice, cast, date):
    assert data_of(page(alice, cast.group, date=date))["day"] == "2026-03-01"


def test_times_are_clock_times_of_the_group_on_both_sides_of_a_change(
    alice, cast, make_post
):
    """R-E1: 10:00 before and after the clocks go forward, whatever the browser's zone."""
    make_post(scheduled_at=datetime(2026, 3, 28, 9, 0, tzinfo=UTC))
    before = data_of(page(alice, cast.group))["loaded"]["posts"]
    Target.objects.all().delete()
    make_post(scheduled_at=datetime(2026, 3, 29, 8, 0, tzinfo=UTC))
    after = data_of(page(alice, cast.group))["loaded"]["posts"]
    assert before[0]["at"] == "2026-03-28T10:00"
    assert after[1]["at"] == "2026-03-29T10:00"


def test_day_belongs_to_the_groups_zone(alice, cast, make_post):
    """R-E1: 23:30 UTC on the last of March is April in Berlin."""
    make_post(scheduled_at=datetime(2026, 4, 5, 22, 30, tzinfo=UTC), text="Monday")
    assert texts(asked(alice, cast.group, "2026-03-30", "2026-04-06")) == []
    assert texts(asked(alice, cast.group, "2026-04-06", "2026-04-13")) == ["Monday"]


def test_state_word_cover_and_movability(alice, cast, make_post, photo):
    make_post("unconfirmed", items=[photo], scheduled_at=NOW)
    post = data_of(page(alice, cast.group))["loaded"]["posts"][0]
    found = (post["state"], post["word"], post["cover"], post["fixed"])
    assert found == ("attention", "Needs check", str(photo.pk), True)


def test_own_text_stands_in_for_a_missing_one(alice, cast, make_post):
    make_post(text="", target={"text": "Only on Words"}, scheduled_at=NOW)
    assert data_of(page(alice, cast.group))["loaded"]["posts"][0]["text"] == (
        "Only on Words"
    )


def test_deleted_posts_are_not_shown(alice, cast, make_post):
    make_post(scheduled_at=NOW, deleted_at=NOW)
    assert data_of(page(alice, cast.group))["loaded"]["posts"] == []


def test_filters_are_in_the_address(alice, cast, make_post, words, gallery):
    """R-E1: by profile and by state, and the address can be shared."""
    make_post(scheduled_at=NOW, text="words")
    make_post("failed", profile=gallery, scheduled_at=NOW, text="gallery")
    by_profile = data_of(page(alice, cast.group, profile=str(words.pk)))
    by_state = data_of(page(alice, cast.group, state="failed"))
    found = [each["loaded"]["posts"][0]["text"] for each in (by_profile, by_state)]
    assert found == ["words", "gallery"]
    assert by_profile["filters"] == {"profile": [str(words.pk)], "state": []}


def test_senseless_filters_are_ignored(alice, cast, make_post):
    make_post(scheduled_at=NOW)
    found = data_of(page(alice, cast.group, profile="x", state="happy"))
    assert len(found["loaded"]["posts"]) == 1


def test_other_ranges_are_asked_for(alice, cast, make_post):
    make_post(scheduled_at=datetime(2026, 6, 1, 9, 0, tzinfo=UTC), text="June")
    found = asked(alice, cast.group, "2026-06-01", "2026-07-06", state="scheduled")
    assert texts(found) == ["June"]


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-06-01", "2026-06-01"), ("2026-06-02", "2026-06-01"), ("2026-01-01", "x")],
)
def test_senseless_range_is_refused(alice, cast, start, end):
    url = reverse("scheduling:calendar_posts", args=[cast.group.pk])
    query = {"start": start, "end": end}
    response = alice.get(url, query, HTTP_ACCEPT="application/json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "range"


def test_nobody_asks_for_years_at_once(alice, cast):
    url = reverse("scheduling:calendar_posts", args=[cast.group.pk])
    query = {"start": "2020-01-01", "end": "2030-01-01"}
    response = alice.get(url, query, HTTP_ACCEPT="application/json")
    assert response.status_code == 400


def test_zone_is_named(alice, cast):
    """R-E1: whose clock this is."""
    assert "Europe/Berlin (GMT+1)" in page(alice, cast.group).content.decode()


def test_undated_drafts_are_at_hand(alice, cast, make_post):
    post = make_post("draft", scheduled_at=None, text="An idea")
    html = page(alice, cast.group).content.decode()
    assert "An idea" in html
    assert reverse("scheduling:edit", args=[cast.group.pk, post.pk]) in html


def test_viewer_gets_no_button_and_no_drag(cast, viewer, client):
    """R-A6: what a role may not do is not offered."""
    client.force_login(viewer)
    response = page(client, cast.group)
    assert data_of(response)["mayEdit"] is False
    assert "data-compose" not in response.content.decode()


def test_agenda_without_scripts(alice, cast, make_post):
    """Works with JavaScript off for reading: the month as a list with links."""
    post = make_post(scheduled_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC), text="Soon")
    make_post(scheduled_at=datetime(2026, 4, 2, 9, 0, tzinfo=UTC), text="April")
    html = page(alice, cast.group, view="agenda").content.decode()
    assert reverse("scheduling:post", args=[cast.group.pk, post.pk]) in html
    assert all(word in html for word in ("Thursday 5 March", "10:00", "Scheduled"))
    assert "April</" not in html.replace("April</a>", "")


def test_grid_leads_there_without_scripts(alice, cast):
    html = page(alice, cast.group, date="2026-05-05").content.decode()
    assert '<noscript><meta http-equiv="refresh"' in html
    assert "view=agenda&amp;date=2026-05-05" in html


def test_empty_agenda_says_what_it_is_for(alice, cast):
    html = page(alice, cast.group, view="agenda").content.decode()
    assert "Nothing planned this month" in html


@pytest.fixture
def busy_month(cast, words, gallery):
    """300 posts on two profiles with files, and a third profile."""
    ProfileFactory(group=cast.group, social_set=cast.group.social_sets.create(name="B"))
    items = MediaItemFactory.create_batch(10, group=cast.group)
    text = "A caption as people write them, a little longer than fits into a chip " * 2
    for number in range(300):
        at = NOW + timedelta(hours=2 * number)
        post = PostFactory(group=cast.group, scheduled_at=at, text=f"{number} {text}")
        item = items[number % 10]
        PostMedia.objects.create(post=post, item=item, position=0)
        TargetFactory(post=post, profile=words, kind="post")
        if number % 2:
            TargetFactory(post=post, profile=gallery, kind="image")


def test_300_posts_within_budget(alice, cast, busy_month):
    """ui.md: at most 12 queries however many posts, and a small page."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = page(alice, cast.group)
    assert len(data_of(response)["loaded"]["posts"]) == 300
    assert len(queries) <= BUDGET, "\n".join(q["sql"][:200] for q in queries)
    assert len(response.content) < 120_000


def test_range_within_budget(alice, cast, busy_month):
    with CaptureQueriesContext(connection) as queries:
        response = asked(alice, cast.group, "2026-03-01", "2026-04-01")
    assert len(response.json()["posts"]) == 300
    assert len(queries) <= 6


def test_scripts_of_the_page_within_budget(alice, cast):
    """ui.md: at most 150 KB of script, gzipped, with all that they import."""
    html = page(alice, cast.group).content.decode()
    seen = set()
    for name in re.findall(r'<script[^>]+src="/static/([^"]+)"', html):
        collect(STATIC / name, seen)
    assert STATIC / "js/calendar-chip.js" in seen
    assert sum(len(gzip.compress(path.read_bytes())) for path in seen) < 150_000


def collect(path, seen):
    if path in seen:
        return
    seen.add(path)
    for name in re.findall(r'from "\./([^"]+)"', path.read_text()):
        collect(path.parent / name, seen)
