"""Copies of items: thumbnails for us, fitting pictures for platforms."""

from __future__ import annotations

from pathlib import Path

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image

from core.errors import DomainError
from media.images import DoesNotFit, Picture, jpeg_within, thumbnail
from media.inspect import first_frame
from media.models import MediaItem, MediaKind, Rendition
from platforms.limits import ImageLimit

THUMB = "thumb"
THUMB_SIDE = 480


def make_thumbnail(item: MediaItem) -> Rendition:
    path = Path(item.file.path)
    if item.kind == MediaKind.VIDEO:
        picture = thumbnail(first_frame(path), THUMB_SIDE)
    else:
        with Image.open(path) as image:
            picture = thumbnail(image, THUMB_SIDE)
    return _keep(item, THUMB, picture, "image/webp", "webp")


def fitting(item: MediaItem, limit: ImageLimit) -> Rendition | None:
    """A copy within the limit, None when the original already is.

    Raises DomainError when no copy of a useful size fits.
    """
    if _fits(item, limit):
        return None
    recipe = f"jpeg-{limit.max_bytes}-{limit.max_width}"
    found = item.renditions.filter(recipe=recipe).first()
    return found or _make(item, recipe, limit)


def _fits(item: MediaItem, limit: ImageLimit) -> bool:
    if item.mime not in limit.formats or item.size > limit.max_bytes:
        return False
    if limit.max_width and item.width > limit.max_width:
        return False
    # A position or a camera's number in EXIF is nobody's business (R-I5).
    with Image.open(item.file.path) as image:
        return not image.getexif()


def _make(item: MediaItem, recipe: str, limit: ImageLimit) -> Rendition:
    try:
        with Image.open(item.file.path) as image:
            picture = jpeg_within(
                image, max_bytes=limit.max_bytes, max_width=limit.max_width
            )
    except DoesNotFit:
        raise DomainError(
            "image_cannot_fit",
            f"{item.name} can't be made small enough for this platform.",
            field="media",
        ) from None
    return _keep(item, recipe, picture, "image/jpeg", "jpg")


def _keep(
    item: MediaItem, recipe: str, picture: Picture, mime: str, extension: str
) -> Rendition:
    rendition = Rendition(
        item=item,
        recipe=recipe,
        mime=mime,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
    )
    try:
        with transaction.atomic():
            content = ContentFile(picture.data)
            rendition.file.save(f"{recipe}.{extension}", content, save=False)
            rendition.save()
    except IntegrityError:
        # Another worker made the same copy at the same moment.
        rendition.file.delete(save=False)
        return item.renditions.get(recipe=recipe)
    return rendition
