"""Platforms by key: dotted paths, imported on first use. One line a platform."""

from __future__ import annotations

import os
from difflib import get_close_matches
from functools import cache
from importlib import import_module

from platforms.adapter import Adapter, Credentials

PLATFORMS: dict[str, str] = {
    "instagram": "platforms.instagram.adapter.Instagram",
    "facebook": "platforms.facebook.adapter.Facebook",
    "tiktok": "platforms.tiktok.adapter.TikTok",
    "bluesky": "platforms.bluesky.adapter.Bluesky",
    "telegram": "platforms.telegram.adapter.Telegram",
    "mastodon": "platforms.mastodon.adapter.Mastodon",
    "linkedin": "platforms.linkedin.adapter.LinkedIn",
    "google_business": "platforms.google_business.adapter.GoogleBusiness",
}

PREFIX = "PLATFORM_"


class UnknownPlatform(LookupError):
    pass


def keys() -> tuple[str, ...]:
    return tuple(PLATFORMS)


@cache
def adapter_class(key: str) -> type[Adapter]:
    """Raises UnknownPlatform, suggesting the nearest name."""
    if key not in PLATFORMS:
        near = get_close_matches(key, PLATFORMS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnknownPlatform(f"no platform {key!r}{hint}")
    module, _, name = PLATFORMS[key].rpartition(".")
    found: type[Adapter] = getattr(import_module(module), name)
    return found


@cache
def get(key: str) -> Adapter:
    """The adapter with the operator's credentials, one for the process."""
    return adapter_class(key)(credentials())


def every() -> tuple[Adapter, ...]:
    return tuple(get(key) for key in PLATFORMS)


def publishing() -> tuple[Adapter, ...]:
    """Those that posts can go to; the others are connect only."""
    return tuple(adapter for adapter in every() if adapter.publishes)


def credentials() -> Credentials:
    """All PLATFORM_* settings without the prefix, such as INSTAGRAM_CLIENT_ID."""
    values = {
        name.removeprefix(PREFIX): value
        for name, value in os.environ.items()
        if name.startswith(PREFIX)
    }
    return Credentials(values)
