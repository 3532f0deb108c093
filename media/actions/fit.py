"""An item made to fit a platform, ready to be sent or fetched."""

from __future__ import annotations

from media.actions.renditions import fitting
from media.models import MediaItem, MediaKind
from media.queries import as_media
from platforms.limits import Limits
from platforms.types import Media


def for_platform(item: MediaItem, limits: Limits, kind: str) -> Media:
    """Raises DomainError when the picture can't be made to fit."""
    limit = limits.image_for(kind)
    if item.kind != MediaKind.IMAGE or limit is None:
        return as_media(item, None)
    return as_media(item, fitting(item, limit))
