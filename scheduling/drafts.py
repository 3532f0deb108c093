"""A target as its platform's adapter sees it: for the composer's checks and to publish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import prefetch_related_objects

from media import queries as media_queries
from media.actions.fit import for_platform
from media.models import MediaItem
from platforms import registry
from platforms.adapter import Adapter
from platforms.types import Draft
from scheduling.models import Target


def build(target: Target) -> Draft:
    """What is sent next: the post with its files, or the next part that follows it."""
    if target.parts_out and parts_left(target) >= 0:
        return _follow_up(target)
    adapter = registry.get(target.profile.platform)
    media = tuple(
        for_platform(item, adapter.limits, target.kind) for item in items_of(target)
    )
    return Draft(target.kind, target.own_text, media, target.options)


def _follow_up(target: Target) -> Draft:
    """Text alone; what the post's options say of its text holds for the rest."""
    text = follow_ups(target)[len(target.parts_out) - 1]
    own = {key: v for key, v in target.options.items() if key != "follow_ups"}
    return Draft(target.kind, text, options=own)


def follow_ups(target: Target) -> tuple[str, ...]:
    """The texts of the parts after the first, in their order."""
    return Draft(target.kind, "", options=target.options).follow_ups


def parts_left(target: Target) -> int:
    """How many follow the one that goes out next."""
    return len(follow_ups(target)) - len(target.parts_out)


def sketch(
    adapter: Adapter,
    text: str,
    items: Iterable[MediaItem],
    kind: str = "",
    options: Mapping[str, Any] | None = None,
) -> Draft:
    """What would be sent, from the files' facts alone; "" takes the kind that fits."""
    media = tuple(media_queries.describe(item) for item in items)
    draft = Draft(kind, text, media, options or {})
    if kind:
        return draft
    return Draft(adapter.default_kind(draft), text, media, options or {})


def sketch_of(target: Target) -> Draft:
    adapter = registry.get(target.profile.platform)
    items = items_of(target)
    return sketch(adapter, target.own_text, items, target.kind, target.options)


def load_files(targets: Iterable[Target]) -> None:
    """Those of all their posts in two statements."""
    posts = [target.post for target in targets]
    prefetch_related_objects(posts, "attachments__item")


def items_of(target: Target) -> list[MediaItem]:
    """The files in their order: those that were sent, where the post's have changed."""
    if target.media_ids is None:
        # Does nothing where they are loaded already, with those of other posts.
        prefetch_related_objects([target.post], "attachments__item")
        return [attachment.item for attachment in target.post.attachments.all()]
    found = {str(item.pk): item for item in media_of(target.media_ids)}
    return [found[pk] for pk in target.media_ids if pk in found]


def media_of(ids: list[str]) -> Iterable[MediaItem]:
    return MediaItem.objects.filter(pk__in=ids)
