"""The calendar's page with a full month, as the browser gets it."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from benchmarks import pages
from benchmarks.results import RUNS, Result
from core import clock
from scheduling.states import TargetState
from tests.factories import (
    PostFactory,
    PostMediaFactory,
    ProfileFactory,
    TargetFactory,
)
from tests.people import Cast, assemble
from tests.support.connected import a_photo, a_set

POSTS = 300
VIEWS = 40


def run() -> list[Result]:
    cast = assemble()
    fill(cast)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(cast.alice)
    address = f"/g/{cast.group.pk}/calendar/"
    body = pages.page(client, address)
    queries = pages.queries(client, address)
    times = [pages.times(client, address, VIEWS) for _ in range(RUNS)]
    how = (
        f"month with {POSTS} posts on 2 profiles with photos, Django's test client on "
        f"PostgreSQL, {VIEWS} views, median of {RUNS}"
    )
    return [
        Result("web.calendar_300.queries", queries, "", how),
        Result("web.calendar_300.p50_ms", pages.middle(times, 0.5), "ms", how),
        Result("web.calendar_300.p95_ms", pages.middle(times, 0.95), "ms", how),
        Result("web.calendar_300.html_kb", len(body) / 1000, "KB", f"plain; {how}"),
    ]


def fill(cast: Cast) -> None:
    """Ten posts a day over a month that begins with this one."""
    start = clock.now().replace(day=1, hour=6, minute=0, second=0, microsecond=0)
    profiles = [
        ProfileFactory(
            group=cast.group, social_set=a_set(cast, platform), platform=platform
        )
        for platform in ("instagram", "bluesky")
    ]
    photos = [a_photo(cast) for _ in range(10)]
    for number in range(POSTS):
        at = start + timedelta(hours=(number % 10), days=number // 10 % 28)
        post = PostFactory(
            group=cast.group,
            author=cast.alice,
            text=f"Post number {number}: a caption of ordinary length for a photo",
            scheduled_at=at,
            wall_at=f"{at:%Y-%m-%dT%H:%M}",
        )
        PostMediaFactory(post=post, item=photos[number % 10])
        for profile in profiles:
            TargetFactory(post=post, profile=profile, state=TargetState.SCHEDULED)
