"""Metrics: which exist for what, and that they grow."""

from __future__ import annotations

import pytest

from tests.sandbox.instagram.graph import good, refusal


@pytest.fixture
def media(sandbox, either):
    sandbox.set(fetch_media=False)
    return either.publish(either.create(image_url="http://127.0.0.1/x.jpg"))


def read(profile, media, metric):
    rows = good(profile.get(f"{media}/insights", metric=metric))["data"]
    return {row["name"]: row["values"][0]["value"] for row in rows}


def test_a_post_s_numbers_grow_with_its_age(sandbox, either, media):
    first = read(either, media, "reach,views,likes")
    assert set(first) == {"reach", "views", "likes"}
    sandbox.advance(86_400)
    later = read(either, media, "reach,views,likes")
    assert later["reach"] > first["reach"]
    assert later == read(either, media, "reach,views,likes")


@pytest.mark.parametrize("metric", ["impressions", "plays", "replies", "reach,plays"])
def test_one_wrong_metric_fails_the_call(either, media, metric):
    answer = either.get(f"{media}/insights", metric=metric)
    assert refusal(answer) == (100, 0)


def test_totals_are_facebook_s_alone(sandbox, lena, lena_page):
    sandbox.set(fetch_media=False)
    media = lena.publish(lena.create(image_url="http://127.0.0.1/x.jpg"))
    assert refusal(lena.get(f"{media}/insights", metric="total_likes")) == (100, 0)
    assert "total_likes" in read(lena_page, media, "total_likes")


def test_account_numbers_come_as_totals_or_as_series(either):
    edge = f"{either.id}/insights"
    query = {"metric": "views", "period": "day"}
    total = good(either.get(edge, metric_type="total_value", **query))["data"][0]
    assert total["total_value"]["value"] > 0
    assert refusal(either.get(edge, **query)) == (100, 0)
    days = {"since": "1795000000", "until": str(1795000000 + 3 * 86_400)}
    series = good(either.get(edge, metric="reach", period="day", **days))["data"][0]
    assert len(series["values"]) == 3


def test_insights_have_a_permission_of_their_own(sandbox, lena):
    name = "instagram_business_manage_insights"
    sandbox.remove_permissions("instagram", lena.id, name)
    answer = lena.get(f"{lena.id}/insights", metric="reach")
    assert refusal(answer) == (10, 0)
