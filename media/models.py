"""The media library of an Access Group: originals, and copies made for platforms."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import AccessGroup
from core import clock
from core.tenancy import TenantQuerySet


class MediaKind(models.TextChoices):
    IMAGE = "image", "Photo"
    VIDEO = "video", "Video"


def original_path(item: MediaItem, name: str) -> str:
    return f"{item.group_id}/{item.pk}/original.{item.extension}"


def rendition_path(rendition: Rendition, name: str) -> str:
    item = rendition.item
    return f"{item.group_id}/{item.pk}/{rendition.recipe}.{name.rsplit('.', 1)[-1]}"


class MediaItemQuerySet(TenantQuerySet["MediaItem"]):
    pass


class MediaItem(models.Model):
    """An uploaded file that was inspected: sizes in pixels, bytes, seconds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(
        AccessGroup, on_delete=models.CASCADE, related_name="media"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    file = models.FileField(upload_to=original_path, max_length=300)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=MediaKind.choices)
    mime = models.CharField(max_length=64)
    extension = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    duration_s = models.FloatField(default=0)
    codec = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64)
    alt_text = models.CharField(max_length=2_000, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = MediaItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            # media.queries.found_in: newest of a group
            models.Index(fields=["group", "-created_at"], name="media_of_group")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def length(self) -> str:
        """A video's, as 1:05; empty for a photo."""
        if self.kind != MediaKind.VIDEO:
            return ""
        minutes, seconds = divmod(max(1, round(self.duration_s)), 60)
        return f"{minutes}:{seconds:02d}"

    @property
    def shows_itself(self) -> bool:
        """Every browser can draw the original; HEIC needs our thumbnail."""
        return self.mime in {"image/jpeg", "image/png", "image/webp", "image/gif"}


class Rendition(models.Model):
    """A copy of an item: `recipe` names how it was made, such as `thumb`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(
        MediaItem, on_delete=models.CASCADE, related_name="renditions"
    )
    recipe = models.CharField(max_length=64)
    file = models.FileField(upload_to=rendition_path, max_length=300)
    mime = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "recipe"], name="one_rendition")
        ]

    def __str__(self) -> str:
        return f"{self.item} as {self.recipe}"
