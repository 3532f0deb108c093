"""What the journeys of calendar, composer and post page share."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from accounts.models import AccessGroup
from core import clock
from scheduling.models import Post
from tests.factories import PostFactory, ProfileFactory, TargetFactory

BERLIN = ZoneInfo("Europe/Berlin")
# As far from the group's clock as a browser can be.
FAR_AWAY = {"timezone_id": "Pacific/Auckland", "locale": "en-GB"}


def middle_of_a_coming_month() -> datetime:
    """10:00 in Berlin on a Wednesday that lies within a month, weeks ahead."""
    day = (clock.now().astimezone(BERLIN) + timedelta(days=40)).replace(day=12)
    day += timedelta(days=(2 - day.weekday()) % 7)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def profiles(cast) -> list:
    return [
        ProfileFactory(
            group=cast.group,
            social_set=cast.social_set,
            platform=platform,
            name="Lena Studio",
            handle=handle,
            connection__method=method,
        )
        for platform, handle, method in (
            ("bluesky", "lena.example", "oauth"),
            ("instagram", "lena", "instagram_login"),
        )
    ]


def planned(cast, profile, at: datetime, text: str = "A quiet morning", **columns):
    post = PostFactory(
        group=cast.group,
        author=cast.alice,
        text=text,
        scheduled_at=at,
        zone="Europe/Berlin",
    )
    TargetFactory(post=post, profile=profile, kind="text", **columns)
    return post


def calendar_path(group: AccessGroup, at: datetime, view: str = "month") -> str:
    return f"/g/{group.pk}/calendar/?view={view}&date={at:%Y-%m-%d}"


def chip(page: Page, post: Post) -> Locator:
    return page.locator(f"a[data-post='{post.pk}']")


def cell(page: Page, at: datetime) -> Locator:
    return page.locator(f"td.fc-daygrid-day[data-date='{at:%Y-%m-%d}']")


def drag(page: Page, what: Locator, to: Locator) -> None:
    """By the mouse, in steps, as a hand does."""
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), to.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 40, steps=12)
    page.mouse.up()


def toast(page: Page, text: str) -> Locator:
    found = page.locator(".toast", has_text=text)
    expect(found).to_be_visible()
    return found


def wall_of(post: Post) -> str:
    post.refresh_from_db()
    assert post.scheduled_at is not None
    return f"{post.scheduled_at.astimezone(BERLIN):%Y-%m-%dT%H:%M}"


def choose(page: Page, *labels: str) -> None:
    for label in labels:
        page.get_by_role("checkbox", name=label, exact=True).check(force=True)


def set_time(page: Page, at: datetime) -> None:
    page.locator("#composer-date").fill(f"{at:%Y-%m-%d}")
    page.locator("#composer-time").fill(f"{at:%H:%M}")


def text(page: Page) -> Locator:
    return page.locator("#composer-text")


def tiles(page: Page) -> Locator:
    return page.locator("[data-strip] .tile")


def upload(page: Page, *paths: Path) -> None:
    page.locator("[data-files]").set_input_files([str(path) for path in paths])


def ready(page: Page, count: int) -> None:
    uploaded = page.locator("[data-strip] .tile:not([data-uploading])")
    expect(uploaded).to_have_count(count)


def saved_post(page: Page) -> Post:
    page.wait_for_url(re.compile(r"/posts/[0-9a-f-]{36}/$"))
    return Post.objects.get()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
