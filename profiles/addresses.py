"""Addresses for pages with hundreds of slots: resolving each anew would take long."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import reverse

_GROUP, _PROFILE = UUID(int=1), UUID(int=2)
_PLATFORM = "a-platform"


def of_profile(name: str, group_id: UUID, profile_id: UUID) -> str:
    path = _profile_path(name).replace(str(_GROUP), str(group_id))
    return path.replace(str(_PROFILE), str(profile_id))


def connect(group_id: UUID, platform: str) -> str:
    path = _connect_path().replace(str(_GROUP), str(group_id))
    return path.replace(_PLATFORM, platform)


@cache
def _profile_path(name: str) -> str:
    kwargs = {"group_id": _GROUP, "profile_id": _PROFILE}
    return reverse(f"profiles:{name}", kwargs=kwargs)


@cache
def _connect_path() -> str:
    kwargs = {"group_id": _GROUP, "platform": _PLATFORM}
    return reverse("profiles:connect", kwargs=kwargs)
