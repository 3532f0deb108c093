"""The way of a new group to its first post that is out, as the calendar shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from accounts.models import AccessGroup
from platforms import registry
from profiles.models import SocialProfile

Stage = Literal["done", "now", "next"]
CONNECT = (
    "Connect a profile",
    "You sign in at the platform itself; your password never reaches us.",
)
PLAN = ("Plan a post", "Write it, add photos or a video, choose its time.")
SEE = ("See it go out", "It then stands here as published, with its link.")


@dataclass(frozen=True)
class Step:
    """`action` and `url` only of the step that is next to be done."""

    title: str
    text: str
    stage: Stage
    action: str = ""
    url: str = ""


def steps_of(
    group: AccessGroup, profiles: Iterable[SocialProfile], *, planned: bool
) -> list[Step]:
    """For a group of which nothing is out yet; one that only reads can't be posted to."""
    ready = any(registry.adapter_class(each.platform).publishes for each in profiles)
    connect = reverse("profiles:settings", args=[group.pk])
    compose = reverse("scheduling:compose", args=[group.pk])
    return [
        _step(CONNECT, "done" if ready else "now", "Choose a platform", connect),
        _step(PLAN, _stage(ready, planned), "New post", compose),
        _step(SEE, "now" if ready and planned else "next"),
    ]


def _stage(reached: bool, done: bool) -> Stage:
    if done:
        return "done"
    return "now" if reached else "next"


def _step(
    words: tuple[str, str], stage: Stage, action: str = "", url: str = ""
) -> Step:
    if stage != "now":
        action = url = ""
    return Step(*words, stage, action, url)
