from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock
from platforms import registry
from publishing.actions.claim import tick
from publishing.actions.settle import settle
from publishing.actions.work import publish
from publishing.models import Pause
from scheduling.models import Target
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.publishing import fake


@pytest.fixture
def script(monkeypatch) -> Iterator[fake.Script]:
    monkeypatch.setitem(registry.PLATFORMS, "fake", "tests.publishing.fake.Fake")
    monkeypatch.setattr(fake, "SCRIPT", fake.Script())
    registry.adapter_class.cache_clear()
    registry.get.cache_clear()
    yield fake.SCRIPT
    registry.adapter_class.cache_clear()
    registry.get.cache_clear()


@pytest.fixture
def profile(cast, script):
    return ProfileFactory(group=cast.group, social_set=cast.social_set, platform="fake")


@pytest.fixture
def target(cast, profile) -> Target:
    """Due since a second, by Alice, on a connected profile."""
    post = PostFactory(
        group=cast.group,
        author=cast.alice,
        scheduled_at=clock.now() - timedelta(seconds=1),
    )
    return TargetFactory(post=post, profile=profile)


def work_off() -> None:
    """One tick and, in this process, all that it hands out."""
    claimed = tick()
    for claim in claimed.to_publish:
        publish(*claim)
    for claim in claimed.to_settle:
        settle(*claim)


def due_again(target: Target) -> None:
    """Let the clock of one row run to its next time: pauses are over by then."""
    Pause.objects.filter(until__gt=clock.now()).update(until=clock.now())
    Target.objects.filter(pk=target.pk).update(next_at=clock.now())


def lapse(target: Target) -> None:
    """Let the lease of one row run out: its worker is dead."""
    Target.objects.filter(pk=target.pk).update(
        lease_until=clock.now() - timedelta(seconds=1)
    )
