"""Two made-up platforms: the rules of this app must hold for any adapter."""

from __future__ import annotations

from datetime import date

from platforms.adapter import Adapter, Facts
from platforms.limits import ImageLimit, Limits, TextLimit, VideoLimit
from platforms.types import Method, Permission, PostKind, Problem

IMAGE = ImageLimit(("image/jpeg",), 1_000_000, min_ratio=0.5, max_ratio=2.0)
VIDEO = VideoLimit(("video/mp4",), 9_000_000, min_seconds=3, max_seconds=60)


class Words(Adapter):
    """Text first: 300 graphemes, files are optional."""

    key = "words"
    name = "Words"
    icon = "mastodon"
    facts = Facts(
        "Anyone", "The profile itself", "60 days", cannot=("Editing a post.",)
    )
    methods = (Method("test", "A test", "form"),)
    kinds = (
        PostKind("post", "Post", max_media=4, media=("image",)),
        PostKind("clip", "Clip", 1, 1, ("video",)),
    )
    limits = Limits(
        text=TextLimit(300, "graphemes", max_bytes=3_000),
        read_on=date(2026, 11, 21),
        source="https://example.org/words",
        image=IMAGE,
        video=VIDEO,
    )

    def problems(self, draft, profile):
        found = super().problems(draft, profile)
        if "colour" in draft.options:
            return (*found, Problem("no_colour", "Words has no colours.", "options"))
        return found

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return (
            Permission("write", "To publish your posts", "publish"),
            Permission("figures", "To show you figures", "analytics"),
        )


class Gallery(Adapter):
    """Files first: nothing goes without one; a story is a kind of its own."""

    key = "gallery"
    name = "Gallery"
    icon = "pinterest"
    facts = Facts("Businesses", "Owner", "60 days", cannot=("Posting text alone.",))
    methods = (Method("test", "A test", "form"),)
    kinds = (
        PostKind("image", "Photo", 1, 1, ("image",)),
        PostKind("carousel", "Carousel", 2, 10, ("image", "video"), needs="carousel"),
        PostKind("reel", "Reel", 1, 1, ("video",)),
        PostKind("story", "Story", 1, 1, ("image", "video"), needs="story"),
    )
    limits = Limits(
        text=TextLimit(2_200, "utf16", max_hashtags=30),
        read_on=date(2026, 11, 21),
        source="https://example.org/gallery",
        image=IMAGE,
        video=VIDEO,
        text_by_kind={"story": TextLimit(0, "utf16")},
    )

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return ()

    def problems(self, draft, profile):
        found = super().problems(draft, profile)
        if profile.kind == "creator" and draft.kind == "story":
            reason = "Gallery takes stories from businesses only."
            return (*found, Problem("story_kind", reason, "kind", by_hand=True))
        return found
