"""What is told of connections, as its reader meets it: page, mail, and one press."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from core import clock
from notifications.actions import deliver
from platforms.errors import AuthExpired, PermissionMissing
from platforms.types import Token
from profiles.actions import expiry
from profiles.actions.concern import GATHER
from profiles.actions.tell import tell_due
from profiles.actions.trouble import note_trouble
from profiles.models import Connection, SocialProfile
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast
from tests.support.connected import a_set

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
Enter = Callable[[User, str], Page]
Shoot = Callable[[Page, str], None]
CHANGED = "The Instagram password was changed. Sign in again to go on publishing."


def instagram(cast: Cast, handle: str, **columns: object) -> SocialProfile:
    return ProfileFactory(
        group=cast.group,
        social_set=a_set(cast, handle),
        platform="instagram",
        handle=handle,
        name=handle,
        connection__method="instagram_login",
        **columns,
    )


def planned(cast: Cast, profile: SocialProfile, days: float, text: str) -> None:
    at = clock.now() + timedelta(days=days)
    post = PostFactory(group=cast.group, text=text, scheduled_at=at)
    TargetFactory(post=post, profile=profile, kind="feed")


def tell() -> None:
    with time_machine.travel(clock.now() + GATHER):
        tell_due()
        deliver()


def day_of(at: datetime) -> date:
    return clock.to_wall(at, "Europe/Berlin").date()


def test_a_broken_connection_is_one_press_from_its_journey(
    enter: Enter, cast: Cast, shoot: Shoot
) -> None:
    """R-D4: title, cause, steps, posts in danger, one button."""
    profile = instagram(cast, "mirabakes")
    for day in range(1, 8):
        planned(cast, profile, day, f"Cinnamon buns, day {day} of the series")
    note_trouble(profile.connection.pk, AuthExpired(CHANGED))
    tell()
    page = enter(cast.alice, "/notices/")
    row = page.get_by_role("link", name="@mirabakes on Instagram needs a new sign-in")
    expect(row).to_contain_text("7 scheduled posts are in danger:")
    expect(row).to_contain_text("Refresh @mirabakes")
    shoot(page, "notices-broken")
    row.click()
    expect(page).to_have_url(re.compile(r"/connect/instagram/\?profile="))
    expect(page.get_by_role("main")).to_contain_text("mirabakes")


def test_a_missing_permission_and_an_end_are_told_each_in_its_words(
    enter: Enter, cast: Cast, shoot: Shoot
) -> None:
    lacking = instagram(cast, "quaycoffee").connection
    names = ("instagram_business_content_publish",)
    note_trouble(
        lacking.pk, PermissionMissing("A permission was withdrawn at Instagram.", names)
    )
    tell()
    end = clock.now() + timedelta(days=6.9)
    ends = Token("canary-ending", expires_at=end)
    ending = instagram(cast, "fjordyoga", connection=ends)
    planned(cast, ending, 9, "Breathe in, breathe out")
    expiry.look_at_ends()
    tell()
    page = enter(cast.alice, "/notices/")
    # Days of the reader's calendar: in the first hours of one there are six between.
    days = (day_of(end) - day_of(clock.now())).days
    expect(page.get_by_role("main")).to_contain_text(f"the sign-in ends in {days} days")
    expect(page.get_by_role("main")).to_contain_text(
        "Review permissions of @quaycoffee"
    )
    shoot(page, "notices-ending")


def test_many_at_once_are_one_notice_and_one_mail(
    enter: Enter, cast: Cast, shoot: Shoot
) -> None:
    """R-D4: forty profiles of one password."""
    for number in range(40):
        profile = instagram(cast, f"creator{number}")
        if number < 3:
            planned(cast, profile, number + 1, "A walk in the hills")
        note_trouble(profile.connection.pk, AuthExpired(CHANGED))
    tell()
    assert [message.to for message in mail.outbox] == [
        [cast.alice.email],
        [cast.bob.email],
    ]
    page = enter(cast.alice, "/notices/")
    row = page.get_by_role("link", name="40 profiles need a new sign-in")
    shoot(page, "notices-many")
    row.click()
    expect(page).to_have_url(re.compile(r"/settings/profiles/"))


def test_times_follow_the_device_when_told_to(enter: Enter, cast: Cast) -> None:
    """R-D4: in the reader's own time zone."""
    note_trouble(instagram(cast, "mira").connection.pk, AuthExpired(CHANGED))
    tell()
    page = enter(cast.alice, "/notices/")
    here = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    expect(page.get_by_role("main")).to_contain_text("Times as in Europe/Berlin.")
    page.get_by_role("button", name="Use this device's time zone").click()
    expect(page.get_by_role("main")).to_contain_text(f"Times as in {here}.")
    cast.alice.refresh_from_db()
    assert cast.alice.timezone == here
    assert Connection.objects.count() == 1
