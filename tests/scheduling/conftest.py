from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Membership, Role
from core import clock
from platforms import registry
from scheduling.content import Content, Mode, Variation, When
from scheduling.models import Target
from tests.factories import (
    MediaItemFactory,
    PostFactory,
    PostMediaFactory,
    ProfileFactory,
    TargetFactory,
)
from tests.people import person

# Sunday, 1 March 2026, noon in Berlin.
NOW = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _made_up_platforms(monkeypatch):
    for name in ("Words", "Gallery"):
        path = f"tests.scheduling.platforms.{name}"
        monkeypatch.setitem(registry.PLATFORMS, name.lower(), path)
    yield
    registry.get.cache_clear()
    registry.adapter_class.cache_clear()


@pytest.fixture
def march():
    """The clock stands at noon of 1 March 2026 in the group's zone."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def words(cast):
    return ProfileFactory(
        group=cast.group, social_set=cast.social_set, platform="words", handle="alice"
    )


@pytest.fixture
def gallery(cast):
    return ProfileFactory(
        group=cast.group, social_set=cast.social_set, platform="gallery", handle="shots"
    )


@pytest.fixture
def photo(cast):
    return MediaItemFactory(group=cast.group)


@pytest.fixture
def viewer(cast):
    """May look, may not act."""
    someone = person("Vera")
    Membership.objects.create(user=someone, group=cast.group, role=Role.VIEWER)
    return someone


@pytest.fixture
def make_post(cast, words):
    """A post of the group on one profile, in a state, with what the state needs."""

    def make(state="scheduled", *, profile=None, target=None, items=(), **columns):
        post = PostFactory(group=cast.group, author=cast.alice, zone=BERLIN, **columns)
        for position, item in enumerate(items):
            PostMediaFactory(post=post, item=item, position=position)
        TargetFactory(
            post=post,
            profile=profile or words,
            state=state,
            **{"kind": "post", **state_columns(state), **(target or {})},
        )
        return post

    return make


@pytest.fixture
def five(make_post):
    """Held and missed ones, the newest made first."""
    for number in range(5):
        state = "missed" if number % 2 else "held"
        make_post(state, scheduled_at=NOW - (number + 1) * 7 * MINUTE)


def state_columns(state):
    """What the database demands of a row in this state."""
    now = clock.now()
    return {
        "draft": {"due_at": None, "next_at": None},
        "claimed": {"lease_until": now, "fence": 1},
        "sending": {"lease_until": now, "intent_at": now, "fence": 1},
        "published": {"published_at": now, "next_at": None},
        "failed": {"next_at": None, "reason": "Words refused the text."},
        "held": {"next_at": None},
        "missed": {"next_at": None},
        "unconfirmed": {"next_at": None, "intent_at": now},
    }.get(state, {})


def only(post):
    return post.targets.get()


def content(*profiles, text="Hello", media=(), **variations):
    """A content for these profiles, with the post's own text."""
    rows = tuple(Variation(profile.pk, **variations) for profile in profiles)
    return Content(text, rows, tuple(item.pk for item in media))


def at(wall, zone=BERLIN):
    return When(Mode.SCHEDULE, wall, zone)


DRAFT = When(Mode.DRAFT, "", BERLIN)
NOW_PLEASE = When(Mode.NOW, "", BERLIN)


def url(name, cast, *ids):
    return reverse(f"scheduling:{name}", args=[cast.group.pk, *ids])


def dues():
    """Minutes from the march's now to each scheduled post, soonest first."""
    rows = Target.objects.filter(state="scheduled").order_by("due_at")
    return [(due - NOW) / MINUTE for due in rows.values_list("due_at", flat=True)]
