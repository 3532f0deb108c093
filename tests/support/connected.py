"""Profiles connected to the sandbox without a browser, and posts that are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import clock
from platforms import registry
from platforms.types import Token
from profiles.models import SocialProfile, SocialSet
from scheduling.models import Post, Target
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast
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
    session = sandbox.token("bluesky", name)
    token = Token(
        access=session["accessJwt"],
        refresh=session["refreshJwt"],
        extra={"pds": session["pds"]},
    )
    return _profile(
        cast,
        "bluesky",
        external_id=made["id"],
        handle=name,
        name=handle,
        connection=token,
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
    """A scheduled post of Alice's; due now unless `in_s` lies ahead."""
    at = clock.now() + timedelta(seconds=in_s)
    post: Post = PostFactory(
        group=cast.group, author=cast.alice, text=text, scheduled_at=at
    )
    kind = registry.adapter_class(profile.platform).kinds[0].key
    return TargetFactory(post=post, profile=profile, kind=kind)
