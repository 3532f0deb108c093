"""Crowds at the real worker: nobody waits for somebody else's crowd, or platform."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core import clock
from profiles.models import SocialProfile
from scheduling.models import Post, Target
from tests.support.connected import due_post, profiles_on
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

CROWD = 240


def published(targets: list[Target]) -> bool:
    ids = [target.pk for target in targets]
    return not Target.objects.filter(pk__in=ids).exclude(state="published").exists()


def crowd_on(profiles: list[SocialProfile], cast, count: int) -> None:
    """So many posts of Alice's, all due already."""
    due = clock.now() - timedelta(seconds=1)
    posts = Post.objects.bulk_create(
        Post(group=cast.group, author=cast.alice, text=f"{n}", scheduled_at=due)
        for n in range(count)
    )
    Target.objects.bulk_create(
        Target(
            post=post,
            profile=profiles[n % len(profiles)],
            kind="text",
            state="scheduled",
            due_at=due,
            next_at=due,
        )
        for n, post in enumerate(posts)
    )


def charlies(cast, profile: SocialProfile) -> Target:
    """The same kind of profile, of another account."""
    sets = cast.charlies_group.social_sets.create(name="Charlie")
    SocialProfile.objects.filter(pk=profile.pk).update(
        group=cast.charlies_group,
        social_set=sets,
        account=cast.charlies_group.account,
    )
    profile.refresh_from_db()
    target = due_post(cast, profile, "Only one", in_s=0.5)
    Post.objects.filter(pk=target.post_id).update(
        group=cast.charlies_group, author=cast.charlie
    )
    return target


def test_one_accounts_crowd_does_not_hold_up_anothers_post(cast, sandbox):
    """R-F5: hundreds are due before it; the other account's post goes out among the
    first."""
    sandbox.set(**{"telegram.chat_per_minute": 0, "telegram.bot_per_second": 0})
    *many, other = profiles_on("telegram", cast, sandbox, 13)
    crowd_on(many, cast, CROWD)
    target = charlies(cast, other)
    sandbox.set(latency_ms=50)
    unbounded = {
        "PLATFORM_TELEGRAM_PER_SECOND": "0",
        "PLATFORM_TELEGRAM_CHANNEL_PER_MINUTE": "0",
    }
    with Worker(threads=12, PLATFORM_GATEWAY=sandbox.url, **unbounded):
        wait_until(lambda: published([target]), seconds=60, what="the other's post")
        left = Target.objects.exclude(pk=target.pk).exclude(state="published").count()
    assert left > CROWD / 2, "it did not wait for the crowd"


def test_a_platform_that_answers_slowly_delays_no_other(cast, sandbox):
    """R-F5: ten seconds an answer at one platform, and the other is on time."""
    sandbox.fault("latency", platform="telegram", delay_ms=10_000, times=400)
    slow = profiles_on("telegram", cast, sandbox, 6)
    [quick] = profiles_on("bluesky", cast, sandbox, 1)
    crowd_on(slow, cast, 60)
    with Worker(threads=12, PLATFORM_GATEWAY=sandbox.url):
        busy = Target.objects.filter(lease_until__isnull=False)
        wait_until(lambda: busy.count() >= 5, seconds=30, what="slots taken")
        target = due_post(cast, quick, "On time")
        wait_until(lambda: published([target]), seconds=60, what="the quick one")
    [row] = sandbox.ledger("bluesky")
    late = datetime.fromisoformat(row["accepted_at"]) - target.due_at
    assert late < timedelta(seconds=9), "it did not wait for a slow answer"
