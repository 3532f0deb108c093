"""The number of posts in 24 hours, and the right to publish at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platforms import clock
from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    RateLimited,
)
from tests.platforms.fakes import DictJournal, reply
from tests.platforms.instagram.flow import (
    CREATE,
    JOBS,
    created,
    prepared,
)
from tests.platforms.instagram.world import (
    instagram,
    listing,
    post,
    refusal,
    world,
)


def used(count: int, total: int = 50):
    config = {"quota_total": total, "quota_duration": 86_400}
    return reply({"data": [{"quota_usage": count, "config": config}]})


def test_a_used_up_quota_stops_before_anything_is_made():
    """Sheet case 9, R-F5"""
    oldest = clock.now() - timedelta(hours=20)
    http = world().on("GET", "publishing_limit", used(50))
    http.on("GET", CREATE, listing(post(1), post(2, at=oldest)))
    with pytest.raises(RateLimited) as caught:
        instagram(http).prepare(JOBS["image"], DictJournal())
    wait = caught.value.until - clock.now()
    assert timedelta(hours=3, minutes=59) < wait < timedelta(hours=4, minutes=1)
    assert created(http) == []


def test_without_a_listing_an_hour_is_waited():
    http = world().on("GET", "publishing_limit", used(100, 100))
    http.on("GET", CREATE, listing())
    with pytest.raises(RateLimited) as caught:
        instagram(http).prepare(JOBS["image"], DictJournal())
    assert caught.value.until - clock.now() <= timedelta(hours=1)


@pytest.mark.parametrize("answer", [used(49), reply({"data": []})])
def test_a_quota_with_room_is_asked_for_once(answer):
    http = world().on("GET", "publishing_limit", answer)
    prepared(JOBS["image"], http)
    assert len(http.to("publishing_limit")) == 1


def test_the_missing_right_to_publish_is_named():
    """R-F1, R-C4"""
    http = world().on("GET", "publishing_limit", refusal(10))
    with pytest.raises(PermissionMissing) as caught:
        prepared(JOBS["image"], http)
    assert caught.value.names == ("instagram_business_content_publish",)


def test_a_dead_token_makes_no_container():
    """Sheet case 10, R-F1"""
    http = world().on("GET", "publishing_limit", refusal(190, 463))
    with pytest.raises(AuthExpired, match="expired"):
        prepared(JOBS["image"], http)
    assert created(http) == []
