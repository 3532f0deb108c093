"""Profiles connected to the sandbox without a browser, and posts that are due."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from core import clock, http
from media.actions.upload import add_file
from media.models import MediaItem
from platforms import registry
from platforms.types import Grant, Token, Visit
from profiles.models import SocialProfile, SocialSet
from scheduling.models import Post, Target
from tests.factories import PostFactory, PostMediaFactory, ProfileFactory, TargetFactory
from tests.people import Cast
from tests.support.files import small_jpeg
from tests.support.sandbox import Sandbox


def profiles_on(
    platform: str, cast: Cast, sandbox: Sandbox, count: int
) -> list[SocialProfile]:
    """New identities at the sandbox, each in a Social Set of its own."""
    return [
        CONNECTORS[platform](cast, sandbox, f"{platform[:2]}made{number}")
        for number in range(count)
    ]


def a_set(cast: Cast, name: str) -> SocialSet:
    return SocialSet.objects.create(group=cast.group, name=name)


def _profile(cast: Cast, platform: str, **fields: Any) -> SocialProfile:
    return ProfileFactory(
        group=cast.group,
        social_set=a_set(cast, fields["name"]),
        platform=platform,
        connection__granted=[],
        **fields,
    )


def _instagram(cast: Cast, sandbox: Sandbox, handle: str) -> SocialProfile:
    made = sandbox.identity("instagram", handle=handle, name=handle, kind="business")
    token = sandbox.token("instagram", handle)
    return _profile(
        cast,
        "instagram",
        external_id=made["id"],
        handle=handle,
        name=handle,
        kind="business",
        connection=Token(access=token["access_token"]),
        connection__method="instagram_login",
    )


def _bluesky(cast: Cast, sandbox: Sandbox, handle: str) -> SocialProfile:
    name = f"{handle}.bsky.social"
    made = sandbox.identity("bluesky", handle=name, name=handle)
    typed = {"handle": name, "app_password": made["extra"]["app_passwords"][0]}
    http.configure(gateway=sandbox.url)
    grant = registry.get("bluesky").begin(
        Visit("app_password", redirect_uri="", state="", base_url="", inputs=typed)
    )
    assert isinstance(grant, Grant)
    return _profile(
        cast,
        "bluesky",
        external_id=made["id"],
        handle=name,
        name=handle,
        connection=grant.token,
        connection__method="app_password",
    )


def _telegram(cast: Cast, sandbox: Sandbox, handle: str) -> SocialProfile:
    made = sandbox.identity("telegram", handle=handle, name=handle)
    sandbox.token("telegram", handle)
    return _profile(
        cast,
        "telegram",
        external_id=made["id"],
        handle=handle,
        name=handle,
        data={"username": handle},
        connection=Token(access=""),
        connection__method="bot",
    )


CONNECTORS = {"instagram": _instagram, "bluesky": _bluesky, "telegram": _telegram}


def due_post(
    cast: Cast, profile: SocialProfile, text: str, *, in_s: float = -1
) -> Target:
    """A scheduled post of Alice's, with a photo where the platform wants one.

    Due now unless `in_s` lies ahead.
    """
    at = clock.now() + timedelta(seconds=in_s)
    post: Post = PostFactory(
        group=cast.group, author=cast.alice, text=text, scheduled_at=at
    )
    kind = registry.adapter_class(profile.platform).kinds[0]
    if kind.min_media:
        PostMediaFactory(post=post, item=a_photo(cast))
    return TargetFactory(post=post, profile=profile, kind=kind.key)


def a_photo(cast: Cast) -> MediaItem:
    """A real JPEG in the group's library."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(small_jpeg())
        file.flush()
        return add_file(
            group=cast.group, actor=cast.alice, path=Path(file.name), name="photo.jpg"
        )
