"""The calendar's posts as JSON: small, and in the group's clock time.

The browser's own time zone plays no part: `at` has no offset and is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.templatetags.static import static

from platforms import registry
from profiles.models import SocialProfile
from scheduling.queries import Chip
from scheduling.summary import PostState
from scheduling.times import to_wall


def as_json(chips: Iterable[Chip], zone: str) -> dict[str, Any]:
    """Posts name their profiles by place in `profiles`, which saves half the bytes."""
    places: dict[UUID, int] = {}
    posts = [_post(chip, zone, places) for chip in chips]
    return {"profiles": [str(pk) for pk in places], "posts": posts}


def _post(chip: Chip, zone: str, places: dict[UUID, int]) -> dict[str, Any]:
    post: dict[str, Any] = {
        "id": str(chip.id),
        "at": to_wall(chip.at, zone) if chip.at else "",
        "state": chip.summary.state.value,
        "text": chip.text,
        "on": [places.setdefault(pk, len(places)) for pk in chip.profiles],
    }
    if chip.summary.word != chip.summary.state.label:
        post["word"] = chip.summary.word
    if chip.cover:
        post["cover"] = str(chip.cover)
    if not chip.movable:
        post["fixed"] = True
    return post


def profile_json(profile: SocialProfile) -> dict[str, str]:
    adapter = registry.adapter_class(profile.platform)
    return {
        "id": str(profile.pk),
        "label": profile.label,
        "platform": adapter.name,
        "icon": static(f"img/platforms/{adapter.icon}.svg"),
    }


def states_json() -> dict[str, str]:
    return {state.value: str(state.label) for state in PostState}
