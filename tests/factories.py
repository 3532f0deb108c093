"""Rows for tests, valid by themselves."""

from __future__ import annotations

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from core import clock
from media.models import MediaItem
from platforms.types import Token
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState
from scheduling.models import Post, PostMedia, Target
from scheduling.states import TargetState


class ProfileFactory(DjangoModelFactory):
    """A connected profile; pass `group` and `social_set`."""

    class Meta:
        model = SocialProfile
        skip_postgeneration_save = True

    account = factory.SelfAttribute("group.account")
    platform = "bluesky"
    external_id = factory.Sequence(lambda n: f"external-{n}")
    name = factory.Sequence(lambda n: f"Profile {n}")
    handle = factory.Sequence(lambda n: f"profile{n}.example.org")

    @factory.post_generation
    def connection(self: SocialProfile, create: bool, token: Token | None, **columns):
        connection = Connection(
            profile=self,
            method=columns.pop("method", "test"),
            state=columns.pop("state", ConnectionState.CONNECTED),
            connected_at=clock.now(),
            **columns,
        )
        connection.seal(token or Token(access=f"canary-token-{self.pk}"))
        connection.save()


class MediaItemFactory(DjangoModelFactory):
    """A row without a file on disk; use media.actions.upload for real files."""

    class Meta:
        model = MediaItem

    name = factory.Sequence(lambda n: f"photo-{n}.jpg")
    file = "missing.jpg"
    kind = "image"
    mime = "image/jpeg"
    extension = "jpg"
    size = 100_000
    width = 1080
    height = 1080
    sha256 = factory.Sequence(lambda n: f"{n:064x}")


class PostFactory(DjangoModelFactory):
    """Pass `group`; without `scheduled_at` it lies an hour ahead."""

    class Meta:
        model = Post

    text = "Hello from the tests"
    zone = "UTC"
    scheduled_at = factory.LazyFunction(lambda: clock.now() + timedelta(hours=1))


class PostMediaFactory(DjangoModelFactory):
    class Meta:
        model = PostMedia

    position = 0


class TargetFactory(DjangoModelFactory):
    """Pass `post` and `profile`; scheduled at the post's time by default."""

    class Meta:
        model = Target

    kind = "text"
    state = TargetState.SCHEDULED
    due_at = factory.SelfAttribute("post.scheduled_at")
    next_at = factory.SelfAttribute("due_at")
